// swift-tools-version: 6.1
import PackageDescription

// The kernels are compiled once for any CPU and, on x86-64, once more for AVX2 with FMA and for AVX-512 (the folders
// hold symbolic links to the same files); Numerics picks one at run time. They are unchecked because their
// preconditions are checked once, at the door, by the functions in Numerics that call them.
let kernelSettings: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"])]

#if arch(x86_64)
  let vectorKernels: [Target] = [
    vectorKernel("KernelsAVX2", ["-mavx2", "-mfma"]),
    vectorKernel(
      "KernelsAVX512",
      ["-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq", "-mfma", "-mprefer-vector-width=512"],
      [.define("WIDE")]),
  ]
#else
  let vectorKernels: [Target] = []
#endif

func vectorKernel(_ name: String, _ flags: [String], _ settings: [SwiftSetting] = []) -> Target {
  .target(
    name: name, dependencies: ["KernelInterface", "CProcessor"],
    swiftSettings: kernelSettings + [.unsafeFlags(flags.flatMap { ["-Xcc", $0] }), .define("FUSED")] + settings)
}

func tests(_ module: String, _ dependencies: [Target.Dependency] = [], resources: [String] = []) -> Target {
  .testTarget(
    name: "\(module)Tests", dependencies: [.byName(name: module), "TestSupport"] + dependencies, exclude: resources)
}

// Scripts/fuzz-coverage says where libFuzzer is; the modules that read files are then compiled to tell it what they reach.
let fuzzer = Context.environment["BVAE_LIBFUZZER"]
let watched: [SwiftSetting] = fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])]
let coverageFuzzer: [Target] =
  fuzzer.map { library in
    [
      .executableTarget(
        name: "coverage-fuzz", dependencies: ["Fuzzing", "Platform"],
        linkerSettings: [.unsafeFlags(["-Xlinker", library]), .linkedLibrary("stdc++"), .linkedLibrary("m")])
    ]
  } ?? []

let package = Package(
  name: "bvae-script",
  products: [
    .executable(name: "bvae-script", targets: ["bvae-script"]),
    .library(name: "BetaVAE", targets: ["BetaVAE", "Interpretation", "Datasets", "Rendering", "Numerics"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Resources", exclude: ["data"]),
    .target(name: "Platform", swiftSettings: watched),
    .target(name: "CProcessor"),
    .target(name: "CPNGReader", dependencies: ["CPNG"]),
    .target(name: "CAllocations"),
    .target(name: "BVAEArrays", dependencies: ["Platform"], path: "Sources/Arrays"),
    .target(name: "BVAEDevice", path: "Sources/Device"),
    .target(name: "BVAENetworks", dependencies: ["BVAEArrays", "BVAEDevice", "Platform"], path: "Sources/Networks"),
    .target(name: "KernelInterface"),
    .target(name: "KernelsPortable", dependencies: ["KernelInterface", "CProcessor"], swiftSettings: kernelSettings),
    .target(
      name: "Numerics",
      dependencies: ["BVAEArrays", "BVAEDevice", "Platform", "CProcessor", "KernelInterface", "KernelsPortable"]
        + vectorKernels.map { .byName(name: $0.name) }),
    .target(
      name: "BetaVAE", dependencies: ["BVAEArrays", "BVAEDevice", "BVAENetworks", "Numerics", "Platform"],
      swiftSettings: watched),
    .target(name: "Pixels", dependencies: ["Platform", "CPNG", "CPNGReader", "CZlib"], swiftSettings: watched),
    .target(
      name: "Datasets", dependencies: ["Numerics", "Pixels", "Platform", "Resources", "CZlib"], swiftSettings: watched),
    .target(name: "Rendering", dependencies: ["Pixels", "Platform", "Resources"]),
    .target(name: "Interpretation", dependencies: ["BetaVAE", "Datasets", "Numerics", "Platform"]),
    .target(name: "Reporting", dependencies: ["Platform"]),
    .target(
      name: "Scripting",
      dependencies: [
        "BetaVAE", "BVAENetworks", "Interpretation", "Datasets", "Rendering", "Reporting", "Numerics", "Platform",
      ],
      swiftSettings: watched),
    .target(name: "Console", dependencies: ["Scripting", "Pixels", "Platform"], swiftSettings: watched),
    .executableTarget(
      name: "bvae-script",
      dependencies: [
        "Console", "Scripting", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "benchmark",
      dependencies: [
        "BetaVAE", "BVAENetworks", "Numerics", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Fuzzing",
      dependencies: ["BetaVAE", "CZlib", "Console", "Datasets", "Numerics", "Pixels", "Platform", "Scripting"]),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CAllocations", "Fuzzing", "Platform", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "HostileServer", dependencies: ["Platform"], path: "Tests/HostileServer"),
    .target(name: "ScreenEmulator", path: "Tests/ScreenEmulator"),
    .target(name: "TestSurroundings", path: "Tests/TestSurroundings"),
    .target(name: "TestSupport", dependencies: ["Numerics", "TestSurroundings"], path: "Tests/TestSupport"),
    tests("Platform"),
    .testTarget(name: "NetworksTests", dependencies: ["BVAEArrays", "BVAEDevice", "BVAENetworks", "Numerics"]),
    tests("Numerics", ["KernelInterface", "Platform"]),
    tests("BetaVAE", ["BVAENetworks", "Numerics", "Platform"], resources: ["Golden"]),
    tests("Pixels", ["CZlib", "Platform"]),
    tests("Datasets", ["CZlib", "HostileServer", "Numerics", "Pixels", "Platform"], resources: ["Fixtures"]),
    tests("Interpretation", ["BetaVAE", "Datasets", "Numerics", "Platform"], resources: ["Fixtures"]),
    tests("Rendering", ["Platform"], resources: ["Golden"]),
    tests("Reporting", ["Platform"], resources: ["Golden"]),
    tests("Scripting", ["Platform"], resources: ["Golden", "Wrong"]),
    .testTarget(name: "EditorsTests", dependencies: ["Platform", "Scripting", "TestSupport"]),
    tests("Console", ["Pixels", "Platform", "ScreenEmulator", "Scripting"]),
    tests("Fuzzing", ["Platform", "fuzz"], resources: ["Corpus"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["HostileServer", "Platform", "ScreenEmulator", "TestSupport", "bvae-script"]),
  ] + vectorKernels + coverageFuzzer,
  swiftLanguageModes: [.v6]
)
