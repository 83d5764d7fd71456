import KubernetesAPI

/// What a scenario says about storage; nil where it says nothing.
struct VolumeSection {
    /// The volume drivers that provision; nil for every one that a storage class names.
    var provisioners: [String]?
    /// Whether storage classes that are named and defined nowhere are added.
    var addsMissing = true
}

extension ScenarioReading {
    func volumes(_ reader: FieldReader) -> VolumeSection {
        var section = VolumeSection()
        if reader.has("provisioners") { section.provisioners = reader.strings("provisioners") }
        section.addsMissing = reader.bool("standIns") ?? true
        return section
    }
}
