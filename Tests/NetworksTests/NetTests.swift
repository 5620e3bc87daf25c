import BVAEArrays
import BVAEDevice
import BVAENetworks
import Testing

@Suite("Networks as lists of layers")
struct NetTests {
  private let image = ImageShape(height: 28, width: 28, planes: 1)

  @Test("The paper's encoder has PyTorch's names and shapes")
  func encoder() throws {
    let net = try NetworkKind.paper.encoder(image, NetworkSizes(channels: 64, latents: 12))
    #expect(net.output == .heads(2, of: 12))
    #expect(
      net.parameters.map { "\($0.name) \($0.shape)" } == [
        "encoder.conv1.weight [64, 1, 4, 4]", "encoder.conv1.bias [64]", "encoder.conv2.weight [64, 64, 4, 4]",
        "encoder.conv2.bias [64]", "encoder.conv3.weight [64, 64, 4, 4]", "encoder.conv3.bias [64]",
        "encoder.mean.weight [12, 3136]", "encoder.mean.bias [12]", "encoder.log_variance.weight [12, 3136]",
        "encoder.log_variance.bias [12]",
      ])
  }

  @Test("The paper's decoder makes an image, and has as many weights as PyTorch counts")
  func decoder() throws {
    let net = try NetworkKind.paper.decoder(image, NetworkSizes(channels: 64, latents: 12))
    #expect(net.output == .map(height: 28, width: 28, channels: 1))
    // dense1 24·12+24, dense2 49·24+49, deconv1 64·16+64, twice 64·64·16+64, output 784·12544+784.
    #expect(net.parameterCount == 312 + 1225 + 1088 + 2 * 65_600 + 9_835_280)
  }

  @Test("Layers are told in words with what is done on their way")
  func words() throws {
    let net = try NetworkKind.paper.decoder(image, NetworkSizes(channels: 64, latents: 12))
    #expect(
      net.descriptions.map { "\($0.operation); \($0.activation); \($0.output)" } == [
        "dense; leaky ReLU, 0.3; 24", "dense, reshaped; leaky ReLU, 0.3; 7×7×1",
        "transposed conv 4×4, stride 2; ReLU; 14×14×64", "transposed conv 4×4, stride 1; ReLU; 14×14×64",
        "transposed conv 4×4, stride 1; ReLU; 14×14×64", "flatten, dense; sigmoid; 28×28×1",
      ])
  }

  @Test("Lowering joins rectifiers and flattening to the linear operations")
  func lowering() throws {
    let net = try NetworkKind.paper.encoder(image, NetworkSizes(channels: 8, latents: 3))
    let operations = net.lowered.map(\.operation)
    #expect(operations.count == 4)
    #expect(operations.map(\.rectifierSlope) == [0.3, 0.3, 0.3, nil])
    #expect(operations[3].input == .map(height: 7, width: 7, channels: 8))
  }

  @Test("A layer that cannot read what the one before it writes is refused in words")
  func refusal() {
    #expect(throws: NetError("'a' is a convolution and reads maps, not 5 numbers")) {
      try Net(.row(5)) { Convolution("a", 3) }
    }
    #expect(throws: NetError("5 cannot be read as 2×2×1: 5 numbers are not 4")) {
      try Net(.row(5)) { Reshape(height: 2, width: 2, channels: 1) }
    }
  }

  @Test("Networks of equal size have different keys where they compute different things")
  func keys() throws {
    let base = try Net(.row(4)) {
      Dense("a", 6)
      Rectifier(slope: 0.3)
    }
    let others = [
      try Net(.row(4)) {
        Dense("a", 6)
        Rectifier()
      },
      try Net(.row(4)) {
        Dense("a", 6)
        Tanh()
      },
      try Net(.row(4)) {
        Dense(["a", "b"], 3)
        Flatten()
      },
      try Net(.map(height: 2, width: 2, channels: 1)) {
        Dense("a", 6)
        Rectifier(slope: 0.3)
      },
    ]
    #expect(Set(([base] + others).map(\.key)).count == 5)
    #expect(try Net(.row(4), base.layers).key == base.key)
  }
}
