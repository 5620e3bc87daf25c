import BVAECPU
import Testing

@Suite("Images and tensors")
struct ImagesTests {
  @Test("Images are chosen in the order asked for, again where asked for again")
  func selecting() {
    let images = ByteImages(
      shape: ImageShape(height: 1, width: 2, planes: 3),
      bytes: (0..<4).flatMap { [UInt8](repeating: $0 * 10, count: 6) })
    let chosen = images.selecting([3, 0, 3, 1])
    #expect(chosen.count == 4 && chosen.shape == images.shape)
    #expect((0..<4).map { chosen[$0].first } == [30, 0, 30, 10])
    #expect(images.selecting([]).count == 0)
  }

  @Test("A row of a tensor is the part at that index of the first dimension")
  func rows() {
    let tensor = Tensor(shape: [3, 2, 2], values: (0..<12).map(Float.init))
    #expect(tensor.count == 3 && tensor[1] == Tensor(shape: [2, 2], values: [4, 5, 6, 7]))
    #expect(Tensor(shape: [2, 3], repeating: 1.5).values == [1.5, 1.5, 1.5, 1.5, 1.5, 1.5])
  }

  @Test("Where a layout puts a value follows from its margins")
  func offsets() {
    let layout = MapLayout(height: 3, width: 4, channels: 16, before: 1, after: 2)
    let row = (4 + 1 + 2) * 16
    #expect(layout.rowStride == row)
    #expect(layout.offset(image: 0, row: 0, column: 0) == row + 16)
    #expect(layout.offset(image: 0, row: 2, column: 3) == 3 * row + 4 * 16)
    #expect(
      layout.offset(image: 2, row: 0, column: 0) - layout.offset(image: 0, row: 0, column: 0)
        == 2 * layout.imageStride)
    #expect(layout.imageStride >= (3 + 1 + 2) * row)
  }
}
