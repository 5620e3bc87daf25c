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

  @Test("Max pooling is told with the convolution before it, up-sampling with the one behind it")
  func poolingWords() throws {
    let image = ImageShape(height: 150, width: 150, planes: 1), sizes = NetworkSizes(channels: 96, latents: 200)
    let encoder = try NetworkKind.ign.encoder(image, sizes), decoder = try NetworkKind.ign.decoder(image, sizes)
    #expect(
      (encoder.descriptions + decoder.descriptions).map { "\($0.operation); \($0.activation); \($0.output)" } == [
        "conv 5×5, stride 1, no padding; max pool 2×2, ReLU; 73×73×96",
        "conv 5×5, stride 1, no padding; max pool 2×2, ReLU; 34×34×48",
        "conv 5×5, stride 1, no padding; max pool 2×2, ReLU; 15×15×24", "flatten, dense; ; 2×200",
        "dense, reshaped; ReLU; 15×15×24", "up-sampled ×2, conv 7×7, stride 1, no padding; ReLU; 24×24×48",
        "up-sampled ×2, conv 7×7, stride 1, no padding; ReLU; 42×42×96",
        "up-sampled ×2, conv 7×7, stride 1, no padding; ReLU; 78×78×96",
        "up-sampled ×2, conv 7×7, stride 1, no padding; sigmoid; 150×150×1",
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

  @Test("A rectifier behind a pooling or a batch norm is joined to it, and one at the end is not")
  func rectifiers() throws {
    let maps = Shape.map(height: 8, width: 8, channels: 2)
    let net = try Net(maps) {
      Convolution("a", 3, bias: false)
      MaxPool()
      Rectifier()
      BatchNorm("b")
      Rectifier(slope: 0.1)
      Flatten()
      Dense("c", 5)
      Rectifier(slope: 0.2)
    }
    let operations = net.lowered.map(\.operation)
    #expect(operations.map(\.rectifierSlope) == [nil, 0, 0.1, nil, nil])
    #expect(operations[4] == .activation(.rectifier(slope: 0.2), .row(5)))
    #expect(
      net.descriptions.map(\.activation) == ["max pool 2×2, ReLU, batch norm, leaky ReLU, 0.1", "leaky ReLU, 0.2"])
    // The numbers of an image stay a row only where nothing reads them as maps.
    let grown = try Net(.row(4)) {
      Dense("a", 12)
      Reshape(height: 2, width: 2, channels: 3)
      Upsample()
      Sigmoid()
    }
    #expect(grown.lowered.map(\.operation.output) == [.row(12), grown.shapes[1], grown.output, grown.output])
  }

  @Test("Layers without a bias have no array for it")
  func biases() throws {
    let net = try Net(.map(height: 8, width: 8, channels: 2)) {
      Convolution("a", 3, kernel: 5, padding: .valid, bias: false)
      Dense(["b", "c"], 4, bias: false)
    }
    #expect(
      net.parameters.map { "\($0.name) \($0.shape)" } == [
        "a.weight [3, 2, 5, 5]", "b.weight [4, 48]", "c.weight [4, 48]",
      ])
    #expect(net.key == "8×8×2; conv 3 5 1 valid without bias; dense 2 4 without bias")
    #expect(Convolution("a", 64, stride: 2).key == "conv 64 4 2 same")
  }

  @Test("A layer that cannot read what the one before it writes is refused in words")
  func refusal() {
    #expect(throws: NetError("'a': maps of 4×9×1 are smaller than the kernel of 5×5")) {
      try Net(.map(height: 4, width: 9, channels: 1)) { Convolution("a", 3, kernel: 5, padding: .valid) }
    }
    #expect(throws: NetError("'a': kernels have 2 to 7 rows and a stride of 1 or 2, not 9 rows and a stride of 1")) {
      try Net(.map(height: 4, width: 9, channels: 1)) { Convolution("a", 3, kernel: 9) }
    }
    #expect(throws: NetError("maps of 1×9×1 cannot be pooled in squares of 2×2")) {
      try Net(.map(height: 1, width: 9, channels: 1)) { MaxPool() }
    }
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
