import BVAEArrays
import BVAEDevice

extension NetworkKind {
  /// The fully connected network of β-TCVAE's authors (Chen et al. 2018) and of disentanglement_lib ("fc"): two layers of
  /// 1200 with ReLU, and three with tanh back. It takes images of any size.
  public static let mlp = NetworkKind(
    name: "mlp",
    summary:
      "dense layers only, two in the encoder and three in the decoder, for any side from 8 to 256 (Chen et al. 2018)",
    channels: nil, hidden: 1200
  ) { image, sizes throws(NetError) in
    try Net(Shape(image)) {
      Flatten()
      Dense("encoder.fc1", sizes.hidden)
      Rectifier()
      Dense("encoder.fc2", sizes.hidden)
      Rectifier()
      Dense(["encoder.mean", "encoder.log_variance"], sizes.latents)
    }
  } decoder: { image, sizes throws(NetError) in
    try Net(.row(sizes.latents)) {
      for layer in 1...3 {
        Dense("decoder.fc\(layer)", sizes.hidden)
        Tanh()
      }
      Dense("decoder.output", image.count)
      Reshape(height: image.height, width: image.width, channels: image.planes)
      Sigmoid()
    }
  } sizes: { arrays in
    guard let hidden = arrays.outputs("encoder.fc1"), let latents = arrays.latents,
      let values = arrays.outputs("decoder.output"), arrays.shapes["encoder.conv1.weight"] == nil
    else { return nil }
    return FoundSizes(
      sizes: NetworkSizes(channels: 0, hidden: hidden, latents: latents), images: arrays.images(ofCount: values))
  }
}
