// swift-tools-version: 6.1
import PackageDescription

// The kernels are compiled once for any CPU and, on x86-64, once more for AVX2 with FMA and for AVX-512 (the folders
// hold symbolic links to the same files); BVAECPU picks one at run time. They are unchecked because their
// preconditions are checked once, at the door, by the functions in BVAECPU that call them.
let kernelSettings: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"])]

/// A module of ours: the name of its folder with a prefix, so that it clashes with nobody else's.
func module(
  _ folder: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: "BVAE\(folder)", dependencies: dependencies, path: "Sources/\(folder)", exclude: ["README.md"] + exclude,
    swiftSettings: settings)
}

#if arch(x86_64)
  let vectorKernels: [Target] = [
    vectorKernels("KernelsAVX2", ["-mavx2", "-mfma"]),
    vectorKernels(
      "KernelsAVX512",
      ["-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq", "-mfma", "-mprefer-vector-width=512"],
      [.define("WIDE")]),
  ]
#else
  let vectorKernels: [Target] = []
#endif

func vectorKernels(_ folder: String, _ flags: [String], _ settings: [SwiftSetting] = []) -> Target {
  module(
    folder, ["BVAEKernelInterface", "CBVAEProcessor"],
    settings: kernelSettings + [.unsafeFlags(flags.flatMap { ["-Xcc", $0] }), .define("FUSED")] + settings)
}

func tests(
  _ folder: String, of module: String? = nil, _ dependencies: [Target.Dependency] = [], resources: [String] = []
) -> Target {
  .testTarget(
    name: "\(folder)Tests", dependencies: [.byName(name: module ?? "BVAE\(folder)"), "TestSupport"] + dependencies,
    exclude: resources)
}

// Scripts/fuzz-coverage says where libFuzzer is; the modules that read files are then compiled to tell it what they reach.
let fuzzer = Context.environment["BVAE_LIBFUZZER"]
let watched: [SwiftSetting] = fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])]
let coverageFuzzer: [Target] =
  fuzzer.map { library in
    [
      .executableTarget(
        name: "coverage-fuzz", dependencies: ["BVAEFuzzing", "BVAEPlatform"],
        linkerSettings: [.unsafeFlags(["-Xlinker", library]), .linkedLibrary("stdc++"), .linkedLibrary("m")])
    ]
  } ?? []

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "bvae-script",
  products: [
    .executable(name: "bvae-script", targets: ["bvae-script"]),
    .library(name: "BetaVAE", targets: ["BetaVAE", "BVAEInterpretation", "BVAEDatasets", "BVAERendering"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CBVAEPNG", path: "Sources/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CBVAEZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CBVAEProcessor", path: "Sources/CProcessor"),
    .target(name: "COpenCL", path: "Sources/COpenCL", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CBVAEPNGReader", dependencies: ["CBVAEPNG"], path: "Sources/CPNGReader"),
    .target(name: "CBVAEAllocations", path: "Sources/CAllocations"),

    module("Resources", exclude: ["data"]),
    module("Platform", settings: watched),
    module("Arrays", ["BVAEPlatform"]),
    module("Device"),
    module("Networks", ["BVAEArrays", "BVAEDevice", "BVAEPlatform"]),
    module("KernelInterface"),
    module("KernelsPortable", ["BVAEKernelInterface", "CBVAEProcessor"], settings: kernelSettings),
    module(
      "CPU",
      [
        "BVAEArrays", "BVAEDevice", "BVAEPlatform", "CBVAEProcessor", "BVAEKernelInterface", "BVAEKernelsPortable",
      ] + vectorKernels.map { .byName(name: $0.name) }),
    module("OpenCL", ["BVAEPlatform", "COpenCL"]),
    module("GPU", ["BVAEArrays", "BVAEDevice", "BVAEOpenCL", "BVAEPlatform", "BVAEResources"]),
    .target(
      name: "BetaVAE", dependencies: ["BVAEArrays", "BVAEDevice", "BVAENetworks", "BVAECPU", "BVAEPlatform"],
      exclude: ["README.md"], swiftSettings: watched),
    module("Pixels", ["BVAEPlatform", "CBVAEPNG", "CBVAEPNGReader", "CBVAEZlib"], settings: watched),
    module(
      "Datasets", ["BVAEArrays", "BVAEPixels", "BVAEPlatform", "BVAEResources", "CBVAEZlib"], settings: watched),
    module("Rendering", ["BVAEPixels", "BVAEPlatform", "BVAEResources"]),
    module("Interpretation", ["BetaVAE", "BVAEDatasets", "BVAEArrays", "BVAEPlatform"]),
    module("Reporting", ["BVAEPlatform"]),
    module("Grids", ["BVAEPlatform"]),
    module(
      "Explorer",
      [
        "BetaVAE", "BVAEArrays", "BVAECPU", "BVAEDevice", "BVAENetworks", "BVAEPixels", "BVAEPlatform",
        "BVAEReporting", "BVAEResources",
      ]),
    module("Language", ["BVAEPlatform"], settings: watched),
    module(
      "Notebook",
      [
        "BVAELanguage", "BetaVAE", "BVAENetworks", "BVAEInterpretation", "BVAEDatasets", "BVAERendering",
        "BVAEReporting", "BVAECPU", "BVAEExplorer", "BVAEGPU", "BVAEGrids", "BVAEPlatform",
      ], settings: watched),
    module("Console", ["BVAELanguage", "BVAEPixels", "BVAEPlatform"], settings: watched),
    module("LanguageServer", ["BVAEConsole", "BVAELanguage", "BVAENotebook", "BVAEPlatform"]),
    module("Server", ["BVAEConsole", "BVAELanguage", "BVAENotebook", "BVAEPixels", "BVAEPlatform"]),
    module(
      "Fuzzing",
      [
        "BetaVAE", "CBVAEZlib", "BVAEConsole", "BVAEDatasets", "BVAECPU", "BVAEPixels", "BVAEPlatform",
        "BVAELanguage", "BVAENotebook",
      ]),
    .executableTarget(
      name: "bvae-script",
      dependencies: [
        "BetaVAE", "BVAECPU", "BVAEConsole", "BVAEDatasets", "BVAEGPU", "BVAEGrids", "BVAELanguage",
        "BVAELanguageServer",
        "BVAENotebook", "BVAEOpenCL", "BVAEPixels", "BVAEPlatform", "BVAEReporting", "BVAEServer",
        argumentParser,
      ]),
    .executableTarget(
      name: "benchmark",
      dependencies: ["BetaVAE", "BVAEDevice", "BVAENetworks", "BVAECPU", "BVAEGPU", "BVAEPlatform", argumentParser]),
    .executableTarget(
      name: "fuzz", dependencies: ["CBVAEAllocations", "BVAEArrays", "BVAEFuzzing", "BVAEPlatform", argumentParser]),

    .target(name: "HostileServer", dependencies: ["BVAEPlatform"], path: "Tests/HostileServer"),
    .target(name: "ScreenEmulator", path: "Tests/ScreenEmulator"),
    .target(name: "TestSurroundings", path: "Tests/TestSurroundings"),
    .target(
      name: "TestSupport",
      dependencies: ["BVAECPU", "BVAEGPU", "BVAEOpenCL", "BVAEPlatform", "TestSurroundings"], path: "Tests/TestSupport"),
    tests("Platform"),
    tests("Grids", ["BVAEPlatform"]),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["BVAEArrays", "BVAEDevice", "BVAENetworks", "BVAECPU", "BVAEPlatform", "BetaVAE", "TestSupport"],
      exclude: ["Golden"]),
    tests("GPU", ["BVAEArrays", "BVAEDevice", "BVAENetworks", "BVAEOpenCL", "BVAEPlatform", "BetaVAE"]),
    tests("CPU", ["BVAEKernelInterface", "BVAEPlatform"]),
    tests("BetaVAE", of: "BetaVAE", ["BVAENetworks", "BVAECPU", "BVAEPlatform"], resources: ["Golden"]),
    .testTarget(
      name: "LibraryTests",
      dependencies: ["BetaVAE", "BVAEDatasets", "BVAEInterpretation", "BVAERendering", "BVAEPlatform", "TestSupport"]),
    tests("Pixels", ["CBVAEZlib", "BVAEPlatform"]),
    tests(
      "Datasets", ["CBVAEZlib", "HostileServer", "BVAECPU", "BVAEPixels", "BVAEPlatform"], resources: ["Fixtures"]),
    tests("Interpretation", ["BetaVAE", "BVAEDatasets", "BVAECPU", "BVAEPlatform"], resources: ["Fixtures"]),
    tests("Rendering", ["BVAEPlatform"], resources: ["Golden"]),
    tests("Reporting", ["BVAEPlatform"], resources: ["Golden"]),
    tests("Notebook", ["BVAELanguage", "BVAEPlatform"], resources: ["Golden", "Wrong"]),
    .testTarget(name: "EditorsTests", dependencies: ["BVAEPlatform", "BVAELanguage", "BVAENotebook", "TestSupport"]),
    tests("Console", ["BVAEPixels", "BVAEPlatform", "ScreenEmulator", "BVAELanguage", "BVAENotebook"]),
    tests("Fuzzing", ["BVAEPlatform", "fuzz"], resources: ["Corpus"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["HostileServer", "BVAEOpenCL", "BVAEPlatform", "ScreenEmulator", "TestSupport", "bvae-script"],
      exclude: ["Editors", "Transcripts"]),
  ] + vectorKernels + coverageFuzzer,
  swiftLanguageModes: [.v6]
)
