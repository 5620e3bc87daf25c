@_exported import BVAEArrays
@_exported import BVAEDevice
