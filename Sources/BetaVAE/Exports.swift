// What this module's interfaces take, give and throw.
@_exported import BVAEArrays
@_exported import BVAECPU
@_exported import BVAENetworks
@_exported import BVAEPlatform
