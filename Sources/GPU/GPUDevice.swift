import BVAEDevice
import BVAEOpenCL
import BVAEPlatform
import BVAEResources
import Synchronization

/// A graphics processor as a device, through OpenCL. Maps lie image after image, channels last, without margins.
///
/// All work goes into one queue, which keeps its order, and only what the host reads is waited for. Every sum has a fixed
/// order and there are no atomic additions: one device gives the same bits from run to run.
///
/// Unchecked: what changes is behind a lock. What has failed is told to whoever asks first, so one training or command
/// at a time uses the device.
package final class GPUDevice: Device, @unchecked Sendable {
  /// What it is.
  package let hardware: OpenCLDevice
  private let context: OpenCLContext
  private let cache: String?
  /// The tiles that products may be cut into.
  package let tiles: [ProductTile]
  /// Items of a group that sweeps over maps.
  let groupSize: Int
  private let maps: OpenCLProgram
  private let state = Mutex(State())

  private struct State {
    var kernels: [String: OpenCLKernel] = [:]
    var products: [ProductKey: OpenCLKernel] = [:]
    /// What went wrong first; nothing is computed until somebody asks.
    var fault: OpenCLError?
    /// Blocks that the queue may still read, and free ones.
    var pending: [StagingBlock] = [], free: [StagingBlock] = []
    var pendingBytes = 0
    /// Room for the parts of sums.
    var scratch: OpenCLBuffer?
    /// Blocks that were used for a while, by their size.
    var idle: [Int: [OpenCLBuffer]] = [:]
    var levels: OpenCLBuffer?, levelValues: [Float] = []
    var counts = GPUCounts()
  }

  /// The most bytes that wait to be sent before the host waits.
  private static let largestPending = 1 << 27
  /// Launches that the driver may gather before it has the device begin.
  private static let flushInterval = 8

  /// Makes a device ready: compiles the kernels that every model needs.
  /// - Parameters:
  ///   - cache: the folder of compiled kernels; nil for none.
  ///   - tiles: what products are cut into; nil for what suits the device.
  /// - Throws: `OpenCLError`.
  package init(
    _ hardware: OpenCLDevice, cache: String? = GPUDevice.cacheFolder, tiles: [ProductTile]? = nil
  ) throws(OpenCLError) {
    self.hardware = hardware
    self.cache = cache
    context = try OpenCLContext(hardware)
    self.tiles = tiles ?? ProductTile.suitable(for: hardware)
    groupSize = hardware.isCPU ? 64 : hardware.groupSize >= 256 ? 256 : 64
    maps = try OpenCLProgram(
      Self.text("gpu-common.cl") + Self.text("gpu-maps.cl"), options: "-D GROUP=\(groupSize)", in: context,
      cache: cache)
  }

  /// The folder of compiled kernels: a part of the user's cache folder.
  package static var cacheFolder: String { Path.join(Machine.cacheDirectory, "kernels") }

  private static func text(_ name: String) -> String {
    var count = 0
    guard let bytes = resource_bytes(name, &count) else { preconditionFailure("\(name) is not embedded") }
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// A sum over the kernels' texts.
  private static let version: String = {
    var sum = Fingerprint()
    for name in ["gpu-common.cl", "gpu-product.cl", "gpu-maps.cl"] { sum.add(text(name)) }
    return sum.description
  }()

  /// The device, its driver, the kernels, and what sums are cut into.
  package var arithmetic: String {
    "OpenCL \(hardware.platform), \(hardware.name), driver \(hardware.driver), \(hardware.units) units, kernels "
      + "\(Self.version), groups of \(groupSize), tiles \(tiles.map(\.description).joined(separator: " "))"
  }

  /// A launch less for each array, and a gradient that goes through no memory.
  package var takesStepsAtOnce: Bool { true }

  // MARK: Memory

  package func makeBuffer(count: Int) -> any Buffer { GPUBuffer(self, count: count) }

  /// A block of the device's memory; nil where there is no room, which `check` tells.
  func makeMemory(bytes: Int, isCleared: Bool) -> OpenCLBuffer? {
    state.withLock { state in
      guard state.fault == nil else { return nil }
      func make() throws(OpenCLError) -> OpenCLBuffer {
        let memory = try context.makeBuffer(bytes: bytes)
        if isCleared { try context.clear(memory) }
        return memory
      }
      do throws(OpenCLError) {
        return try make()
      } catch {
        // Once more without the blocks that only wait to be used again.
        guard case .outOfMemory = error, !state.idle.isEmpty else {
          state.fault = error
          return nil
        }
      }
      do throws(OpenCLError) {
        state.idle.removeAll()
        try context.finish()
        Self.releasePending(&state)
        return try make()
      } catch {
        state.fault = error
        return nil
      }
    }
  }

  /// Notes that something cannot be computed, which `check` tells.
  func fail(_ error: OpenCLError) { state.withLock { if $0.fault == nil { $0.fault = error } } }

  /// Memory of the host of at least so many bytes.
  func staging(bytes: Int) -> StagingBlock {
    let size = max(4096, bytes)
    let found = state.withLock { state -> StagingBlock? in
      let fits = state.free.firstIndex { $0.bytes >= size && $0.bytes <= 4 * size }
      return fits.map { state.free.remove(at: $0) }
    }
    return found ?? StagingBlock(bytes: size)
  }

  /// Gives memory back that nothing reads any more.
  func release(_ block: StagingBlock) { state.withLock { Self.release(block, &$0) } }

  private static func release(_ block: StagingBlock, _ state: inout State) {
    if state.free.count < 32, block.bytes <= 1 << 24 { state.free.append(block) }
  }

  /// What was sent before a wait has arrived.
  private static func releasePending(_ state: inout State) {
    for block in state.pending { release(block, &state) }
    state.pending.removeAll(keepingCapacity: true)
    state.pendingBytes = 0
  }

  /// Reads a part of a block, and waits for it; zeros where the device has failed.
  func read(_ memory: OpenCLBuffer?, from start: Int, bytes: Int, into block: StagingBlock) {
    state.withLock { state in
      let target = UnsafeMutableRawBufferPointer(start: block.pointer, count: bytes)
      if memory == nil, state.fault == nil { state.fault = .outOfMemory(bytes: bytes) }
      guard let memory, state.fault == nil else {
        target.initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
      do throws(OpenCLError) {
        try context.read(memory, from: start, into: target)
        Self.releasePending(&state)
        state.counts.reads += 1
        state.counts.bytesRead += bytes
      } catch {
        state.fault = error
        target.initializeMemory(as: UInt8.self, repeating: 0)
      }
    }
  }

  /// Sends a block, which is given back when it has arrived.
  func write(_ block: StagingBlock, bytes: Int, to memory: OpenCLBuffer?, from start: Int) {
    state.withLock { state in
      if memory == nil, state.fault == nil { state.fault = .outOfMemory(bytes: bytes) }
      guard let memory, state.fault == nil else { return Self.release(block, &state) }
      do throws(OpenCLError) {
        try context.write(UnsafeRawBufferPointer(start: block.pointer, count: bytes), to: memory, from: start)
        state.pending.append(block)
        state.pendingBytes += block.bytes
        state.counts.bytesWritten += bytes
        if state.pendingBytes > Self.largestPending {
          try context.finish()
          Self.releasePending(&state)
        }
      } catch {
        state.fault = error
      }
    }
  }

  package func check() throws {
    let fault = state.withLock { state -> OpenCLError? in
      defer { state.fault = nil }
      return state.fault
    }
    if let fault { throw DeviceProblem(fault.description) }
  }

  /// What was done so far.
  package var counts: GPUCounts { state.withLock { $0.counts } }

  /// Waits until everything is done.
  /// - Throws: what has gone wrong.
  package func finish() throws {
    state.withLock { state in
      do throws(OpenCLError) {
        try context.finish()
        Self.releasePending(&state)
      } catch {
        if state.fault == nil { state.fault = error }
      }
    }
    try check()
  }

  // MARK: Kernels

  /// What a kernel is given.
  enum Argument {
    case values(any Buffer)
    case memory(OpenCLBuffer)
    case whole(Int)
    case number(Float)
    case finish(Finish)
    case geometry([UInt32])
    /// Room for so many floats, which the launches that are told together share.
    case scratch(Int)
  }

  /// A kernel's launch.
  struct Launch {
    fileprivate enum Kernel {
      case sweep(String)
      case product(ProductKey)
    }

    fileprivate let kernel: Kernel, groups: (Int, Int, Int), arguments: [Argument]
    /// Bytes and operations, for the counts.
    fileprivate let bytes: Int, flop: Int
  }

  /// A sweep over `items` values.
  /// - Parameter traffic: floats that it reads and writes.
  func sweep(_ name: String, items: Int, _ arguments: [Argument], traffic: Int) -> Launch {
    sweep(name, groups: ((items + groupSize - 1) / groupSize, 1), arguments, traffic: traffic)
  }

  /// A sweep of so many groups.
  func sweep(_ name: String, groups: (Int, Int), _ arguments: [Argument], traffic: Int) -> Launch {
    Launch(
      kernel: .sweep(name), groups: (groups.0, groups.1, 1), arguments: arguments, bytes: 4 * traffic, flop: 0)
  }

  func product(
    _ key: ProductKey, groups: (Int, Int, Int), _ arguments: [Argument], traffic: Int, flop: Int
  ) -> Launch {
    Launch(kernel: .product(key), groups: groups, arguments: arguments, bytes: 4 * traffic, flop: flop)
  }

  /// Has kernels run, one after the other, with nothing of another training between them.
  func run(_ launches: Launch?...) {
    state.withLock { state in
      guard state.fault == nil else { return }
      do throws(OpenCLError) {
        for case let launch? in launches {
          var given: [OpenCLArgument] = []
          for argument in launch.arguments { given.append(try self.argument(argument, &state)) }
          let found: (kernel: OpenCLKernel, items: Int)
          switch launch.kernel {
          case .sweep(let name): found = (try kernel(name, &state), groupSize)
          case .product(let key): found = (try kernel(key, &state), key.tile.items)
          }
          try context.launch(found.kernel, groups: launch.groups, items: found.items, given)
          state.counts.launches += 1
          // Some drivers begin with nothing before they are told, or somebody waits.
          if state.counts.launches % Self.flushInterval == 0 { context.flush() }
          state.counts.bytes += launch.bytes
          state.counts.flop += launch.flop
        }
      } catch {
        state.fault = error
      }
    }
  }

  /// A block for a while, whose contents are not known. It may be given back as soon as the last kernel that uses it was
  /// told: what others do with it then comes later in the queue.
  func borrow(bytes: Int) -> OpenCLBuffer? {
    var size = 4096
    while size < bytes { size *= 2 }
    let found = state.withLock { $0.idle[size]?.popLast() }
    return found ?? makeMemory(bytes: size, isCleared: false)
  }

  func giveBack(_ memory: OpenCLBuffer) { state.withLock { $0.idle[memory.bytes, default: []].append(memory) } }

  private func argument(_ argument: Argument, _ state: inout State) throws(OpenCLError) -> OpenCLArgument {
    switch argument {
    case .values(let buffer):
      guard let buffer = buffer as? GPUBuffer else { preconditionFailure("a buffer of another device") }
      guard let memory = buffer.memory else { throw .outOfMemory(bytes: 4 * buffer.count) }
      return .buffer(memory)
    case .memory(let memory): return .buffer(memory)
    case .whole(let number): return .whole(number)
    case .number(let number): return .number(number)
    case .finish(let finish): return .block(finish.words)
    case .geometry(let words): return .block(words)
    case .scratch(let count):
      if let scratch = state.scratch, scratch.bytes >= 4 * count { return .buffer(scratch) }
      let scratch = try context.makeBuffer(bytes: max(1 << 20, 4 * count))
      state.scratch = scratch
      return .buffer(scratch)
    }
  }

  private func kernel(_ name: String, _ state: inout State) throws(OpenCLError) -> OpenCLKernel {
    if let kernel = state.kernels[name] { return kernel }
    let kernel = try maps.kernel(name)
    state.kernels[name] = kernel
    return kernel
  }

  private func kernel(_ key: ProductKey, _ state: inout State) throws(OpenCLError) -> OpenCLKernel {
    if let kernel = state.products[key] { return kernel }
    let program = try OpenCLProgram(
      Self.text("gpu-common.cl") + Self.text("gpu-product.cl"), options: key.options, in: context, cache: cache)
    let kernel = try program.kernel("product")
    state.products[key] = kernel
    return kernel
  }

  // MARK: Operations

  package func layout(of shape: Shape, from writer: Operation?, to reader: Operation?) -> MapLayout {
    let (height, width, channels) = shape.extents
    return MapLayout(height: height, width: width, channels: channels, gap: 0)
  }

  package func gradientLayout(of operation: Operation) -> MapLayout {
    layout(of: operation.output, from: nil, to: nil)
  }

  package func makeWeights(
    for operation: Operation, names: [String], hasBias: Bool, input: MapLayout
  ) -> LayerWeights {
    switch operation {
    case .convolution, .dense: ProductOperation.makeWeights(self, operation, names, hasBias: hasBias)
    case .batchNorm(let shape, _): GPUBatchNorm.makeWeights(self, shape, names[0])
    case .reshape, .activation, .maxPool, .upsample: preconditionFailure("\(operation) has no weights")
    }
  }

  package func prepare(_ request: Preparation) -> any PreparedOperation {
    switch request.operation {
    case .convolution, .dense: ProductOperation(self, request)
    case .batchNorm(let shape, let slope): GPUBatchNorm(self, request, shape, slope: slope)
    case .reshape, .activation, .maxPool, .upsample: GPUSweep(self, request)
    }
  }

  package func apply(_ activation: Activation, to buffer: any Buffer, _ layout: MapLayout, count: Int) {
    GPUSweep.apply(self, activation, from: buffer, to: buffer, size: count * layout.imageStride)
  }

  package func update(_ step: AdamUpdate, values: any Buffer, gradient: any Buffer, moments: Moments) {
    use(gradient, .step(step, moments), values: values)
  }

  /// Does with a gradient what is wanted.
  func use(_ gradient: any Buffer, _ use: GradientUse, values: any Buffer) {
    guard let (finish, target, moments) = use.parts(values) else { return }
    run(
      sweep(
        "use_gradient", items: values.count,
        [
          .values(gradient), .whole(values.count), .finish(finish), .values(target), .values(moments?.first ?? target),
          .values(moments?.second ?? target),
        ], traffic: values.count * (moments == nil ? 2 : 7)))
  }

  /// Sums over places for each channel, added up in a fixed order.
  func sumPlaces(_ buffer: any Buffer, places: Int, channels: Int, _ use: GradientUse, values: any Buffer) {
    guard let (finish, target, moments) = use.parts(values) else { return }
    let cut = PlaceBlocks(places: places, channels: channels, on: self)
    run(
      sweep(
        "sum_places", groups: cut.groups,
        [
          .values(buffer), .whole(places), .whole(channels), .whole(cut.block), .whole(cut.span),
          .scratch(cut.blocks * channels),
        ], traffic: places * channels),
      sumParts(cut.blocks, size: channels, finish, target, side: target, moments))
  }

  /// The adding up of the parts of sums that lie in the scratch memory.
  func sumParts(
    _ count: Int, size: Int, _ finish: Finish, _ target: any Buffer, side: any Buffer, _ moments: Moments?
  ) -> Launch {
    sweep(
      "sum_parts", items: size,
      [
        .scratch(count * size), .whole(count), .whole(size), .finish(finish), .values(target), .values(side),
        .values(moments?.first ?? target), .values(moments?.second ?? target),
      ], traffic: (count + 2) * size)
  }

  // MARK: Whole batches

  package func keep(
    _ count: Int, imagesOf size: Int, _ bytes: (_ image: Int) -> ArraySlice<UInt8>
  ) -> (any DeviceImages)? {
    let total = count * size
    guard count > 0, total <= min(hardware.memory / 4, hardware.largestBuffer), total < 1 << 40,
      let memory = try? context.makeBuffer(bytes: total)
    else { return nil }
    let part = max(1, (1 << 22) / size)
    for start in stride(from: 0, to: count, by: part) {
      let images = start..<min(count, start + part), block = staging(bytes: images.count * size)
      fill(block, images.map(bytes))
      write(block, bytes: images.count * size, to: memory, from: start * size)
    }
    return GPUImages(memory, size: size)
  }

  private func fill(_ block: StagingBlock, _ images: [ArraySlice<UInt8>]) {
    var place = 0
    for image in images {
      image.withUnsafeBytes { source in
        guard let start = source.baseAddress else { return }
        (block.pointer + place).copyMemory(from: start, byteCount: source.count)
        place += source.count
      }
    }
  }

  package func load(_ kept: any DeviceImages, _ numbers: [Int], _ levels: ByteLevels, into values: Values) {
    guard let kept = kept as? GPUImages else { preconditionFailure("images of another device") }
    guard let list = borrow(bytes: 4 * numbers.count) else { return }
    defer { giveBack(list) }
    let block = staging(bytes: 4 * numbers.count)
    let target = block.pointer.bindMemory(to: Int32.self, capacity: numbers.count)
    for (i, number) in numbers.enumerated() { target[i] = Int32(number) }
    write(block, bytes: 4 * numbers.count, to: list, from: 0)
    load(kept.memory, list, levels, numbers.count, values)
  }

  package func load(_ count: Int, _ levels: ByteLevels, into values: Values, _ bytes: (Int) -> ArraySlice<UInt8>) {
    let size = values.shape.count, block = staging(bytes: count * size)
    fill(block, (0..<count).map(bytes))
    guard let memory = borrow(bytes: count * size) else { return release(block) }
    defer { giveBack(memory) }
    write(block, bytes: count * size, to: memory, from: 0)
    load(memory, nil, levels, count, values)
  }

  private func load(
    _ images: OpenCLBuffer, _ numbers: OpenCLBuffer?, _ levels: ByteLevels, _ count: Int, _ values: Values
  ) {
    guard let table = memory(of: levels) else { return }
    let size = values.shape.count
    precondition(values.layout.imageStride == size && values.buffer.count >= count * size)
    run(
      sweep(
        "load_bytes", items: count * size,
        [
          .memory(images), .memory(numbers ?? images), .whole(numbers == nil ? 0 : 1), .memory(table),
          .values(values.buffer), .whole(count * size), .whole(size),
        ], traffic: count * size * 5 / 4))
  }

  /// The table of levels, which is sent again where it is another one than before.
  private func memory(of levels: ByteLevels) -> OpenCLBuffer? {
    let known = state.withLock { $0.levelValues == levels.values ? $0.levels : nil }
    if let known { return known }
    guard let memory = makeMemory(bytes: 1024, isCleared: false) else { return nil }
    let block = staging(bytes: 1024)
    levels.values.withUnsafeBytes { block.pointer.copyMemory(from: $0.baseAddress!, byteCount: 1024) }
    write(block, bytes: 1024, to: memory, from: 0)
    state.withLock { ($0.levels, $0.levelValues) = (memory, levels.values) }
    return memory
  }

  package func add(_ sources: [Values], into sum: Values, count: Int) {
    let size = count * sum.layout.imageStride
    for (i, source) in sources.enumerated() {
      precondition(source.layout == sum.layout)
      if i == 0 {
        copy(source.buffer, to: sum.buffer, count: size)
      } else {
        run(sweep("add", items: size, [.values(sum.buffer), .values(source.buffer), .whole(size)], traffic: 3 * size))
      }
    }
  }

  package func measure(
    _ loss: ImageLoss, of decoded: Values, for target: Values, scale: Float, gradient: Values, count: Int
  ) -> () -> [Double] {
    let size = target.shape.count
    precondition(
      decoded.layout.imageStride == size && target.layout.imageStride == size && gradient.layout.imageStride == size)
    guard let errors = borrow(bytes: 4 * count) else { return { [] } }
    run(
      sweep(
        "image_loss", groups: (count, 1),
        [
          .values(target.buffer), .values(decoded.buffer), .values(gradient.buffer), .memory(errors), .whole(size),
          .whole(loss.rawValue), .number(scale),
        ], traffic: 3 * count * size))
    return { [self] in
      let block = staging(bytes: 4 * count)
      defer {
        release(block)
        giveBack(errors)
      }
      read(errors, from: 0, bytes: 4 * count, into: block)
      return UnsafeBufferPointer(start: block.pointer.assumingMemoryBound(to: Float.self), count: count).map(
        Double.init)
    }
  }

  package func squaredNorm(_ gradients: [(parameter: Parameter, buffer: any Buffer)]) -> Double {
    // Heads share a buffer.
    var buffers: [any Buffer] = []
    for (_, buffer) in gradients where !buffers.contains(where: { $0 === buffer }) { buffers.append(buffer) }
    let each = 16
    let parts = buffers.map { buffer -> any Buffer in
      let groups = (buffer.count + groupSize * each - 1) / (groupSize * each), sums = makeBuffer(count: groups)
      run(
        sweep(
          "squares", groups: (groups, 1), [.values(buffer), .whole(buffer.count), .whole(each), .values(sums)],
          traffic: buffer.count))
      return sums
    }
    return parts.reduce(0) { $1.values.reduce($0) { $0 + Double($1) } }
  }

  package func scale(_ buffer: any Buffer, by factor: Float) {
    run(
      sweep(
        "scale", items: buffer.count, [.values(buffer), .whole(buffer.count), .number(factor)],
        traffic: 2 * buffer.count))
  }

  package func copy(_ source: any Buffer, to target: any Buffer) {
    precondition(source.count == target.count)
    copy(source, to: target, count: source.count)
  }

  /// Copies the first values.
  func copy(_ source: any Buffer, to target: any Buffer, count: Int) {
    state.withLock { state in
      guard state.fault == nil else { return }
      do throws(OpenCLError) {
        guard case .buffer(let from) = try argument(.values(source), &state),
          case .buffer(let to) = try argument(.values(target), &state)
        else { return }
        try context.copy(from, to: to, bytes: 4 * count)
        state.counts.launches += 1
        state.counts.bytes += 8 * count
      } catch {
        state.fault = error
      }
    }
  }
}

/// What a device was asked to do, counted as it was asked.
package struct GPUCounts: Equatable, Sendable {
  /// Kernels and copies.
  package var launches = 0
  /// Multiplications and additions of products.
  package var flop = 0
  /// Bytes that kernels read and write at least: each operand once.
  package var bytes = 0
  /// How often the host waited for values; bytes that went across.
  package var reads = 0, bytesRead = 0, bytesWritten = 0

  package init() {}

  /// What came between two counts.
  package static func - (left: GPUCounts, right: GPUCounts) -> GPUCounts {
    var result = GPUCounts()
    result.launches = left.launches - right.launches
    result.flop = left.flop - right.flop
    result.bytes = left.bytes - right.bytes
    result.reads = left.reads - right.reads
    result.bytesRead = left.bytesRead - right.bytesRead
    result.bytesWritten = left.bytesWritten - right.bytesWritten
    return result
  }
}
