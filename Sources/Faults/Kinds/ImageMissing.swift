import VirtualTime

/// Images vanish from their registries; machines that have them go on using them.
///
/// The default duration is an assumption: until somebody pushes them again.
package enum ImageMissing: FaultKind {
    package static let name = "ImageMissing"
    package static let scope = FaultScope.images
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 28_800))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .missingImages
    }
}
