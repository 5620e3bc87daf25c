/// What is done with whole images and with all gradients at once, in plain loops on the host: the definition, and what every
/// device does whose buffers are in the host's memory. A device with memory of its own has its own ways, so that nothing of
/// an image's size crosses to the host.
extension Device {
  package var takesStepsAtOnce: Bool { false }

  package func check() throws {}

  package func keep(
    _ count: Int, imagesOf size: Int, _ bytes: (_ image: Int) -> ArraySlice<UInt8>
  ) -> (any DeviceImages)? { nil }

  package func load(_ kept: any DeviceImages, _ numbers: [Int], _ levels: ByteLevels, into values: Values) {
    preconditionFailure("images of another device")
  }

  package func load(_ count: Int, _ levels: ByteLevels, into values: Values, _ bytes: (Int) -> ArraySlice<UInt8>) {
    values.set(count, levels, bytes)
  }

  package func add(_ sources: [Values], into sum: Values, count: Int) {
    var total: [Float] = [], summand: [Float] = []
    for image in 0..<count {
      total.removeAll(keepingCapacity: true)
      for source in sources {
        guard !total.isEmpty else {
          source.append(image, to: &total)
          continue
        }
        summand.removeAll(keepingCapacity: true)
        source.append(image, to: &summand)
        for i in total.indices { total[i] += summand[i] }
      }
      sum.set(image, to: total[...])
    }
  }

  package func measure(
    _ loss: ImageLoss, of decoded: Values, for target: Values, scale: Float, gradient: Values, count: Int
  ) -> () -> [Double] {
    let targetPlaces = target.places, decodedPlaces = decoded.places, gradientPlaces = gradient.places
    let from = target.layout.imageStride, to = decoded.layout.imageStride, back = gradient.layout.imageStride
    let errors = target.reading(count) { x in
      decoded.reading(count) { y in
        gradient.writing(count) { dy in
          (0..<count).map { image in
            var error = 0.0
            for i in targetPlaces.indices {
              let x = x[image * from + targetPlaces[i]], y = y[image * to + decodedPlaces[i]]
              dy[image * back + gradientPlaces[i]] = loss.gradient(of: y, for: x) * scale
              error += loss.error(of: y, for: x)
            }
            return error
          }
        }
      }
    }
    return { errors }
  }

  package func squaredNorm(_ gradients: [(parameter: Parameter, buffer: any Buffer)]) -> Double {
    var sum = 0.0
    for (parameter, buffer) in gradients {
      parameter.forEachPart(in: buffer) { for value in $0 { sum += Double(value) * Double(value) } }
    }
    return sum
  }

  package func scale(_ buffer: any Buffer, by factor: Float) {
    buffer.withValues { for i in $0.indices { $0[i] *= factor } }
  }

  package func copy(_ source: any Buffer, to target: any Buffer) {
    target.withValues(0..<target.count, .write) { target in
      source.withValues(0..<source.count, .read) { _ = target.update(fromContentsOf: $0) }
    }
  }
}
