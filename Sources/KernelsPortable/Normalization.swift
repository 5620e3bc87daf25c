import BVAEKernelInterface

// Batch normalisation, a row of places at a time. A channel's sums run down the places in registers, sixteen channels side
// by side; a row is short enough to stay in the first-level cache while its panels are taken one after the other.

extension Build {
  /// Adds each channel's values to `first`.
  public static func sumChannels(_ sums: ChannelSums) {
    var channel = 0
    while channel < sums.channels {
      var values = sums.values + channel, left = sums.positions, sum = load(sums.first + channel)
      while left > 0 {
        sum += load(values)
        values += sums.channels
        left &-= 1
      }
      store(sum, sums.first + channel)
      channel &+= panelWidth
    }
  }

  /// Adds the squares of each channel's distances from its centre to `second`.
  public static func sumSquares(_ sums: ChannelSums) {
    var channel = 0
    while channel < sums.channels {
      let center = load(sums.center + channel)
      var values = sums.values + channel, left = sums.positions, sum = load(sums.second + channel)
      while left > 0 {
        let distance = load(values) - center
        sum = multiplyAdd(sum, distance, distance)
        values += sums.channels
        left &-= 1
      }
      store(sum, sums.second + channel)
      channel &+= panelWidth
    }
  }

  /// Adds each channel's gradients to `first`, and their products with the distances from its centre to `second`.
  public static func sumGradients(_ sums: ChannelSums) {
    var channel = 0
    while channel < sums.channels {
      let center = load(sums.center + channel)
      var values = sums.values + channel, gradients = sums.gradients + channel, left = sums.positions
      var sum = load(sums.first + channel), products = load(sums.second + channel)
      while left > 0 {
        let gradient = load(gradients)
        sum += gradient
        products = multiplyAdd(products, gradient, load(values) - center)
        values += sums.channels
        gradients += sums.channels
        left &-= 1
      }
      store(sum, sums.first + channel)
      store(products, sums.second + channel)
      channel &+= panelWidth
    }
  }

  /// `leaky((x − centre) · scale + shift)` of each channel.
  public static func normalize(_ row: NormalizedRow) {
    var channel = 0
    while channel < row.channels {
      let center = load(row.center + channel), scale = load(row.scale + channel), shift = load(row.shift + channel)
      var offset = channel, left = row.positions
      while left > 0 {
        var value = multiplyAdd(shift, load(row.values + offset) - center, scale)
        if row.slope != 1 { value = value.replacing(with: value * row.slope, where: value .<= Vector()) }
        store(value, row.result + offset)
        offset &+= row.channels
        left &-= 1
      }
      channel &+= panelWidth
    }
  }

  /// `(g · gradientScale + (x − centre) · scale + shift) · leaky′(x)` of each channel.
  public static func normalizeGradient(_ row: NormalizedRow) {
    var channel = 0
    while channel < row.channels {
      let center = load(row.center + channel), scale = load(row.scale + channel), shift = load(row.shift + channel)
      let gradientScale = load(row.gradientScale + channel)
      var offset = channel, left = row.positions
      while left > 0 {
        let x = load(row.values + offset)
        var value = multiplyAdd(shift, x - center, scale)
        value = multiplyAdd(value, load(row.gradients + offset), gradientScale)
        if row.slope != 1 { value = value.replacing(with: value * row.slope, where: x .<= Vector()) }
        store(value, row.result + offset)
        offset &+= row.channels
        left &-= 1
      }
      channel &+= panelWidth
    }
  }
}
