package import Chronology
package import KubernetesAPI

/// A file as it was read, kept so that a run can be replayed from its database alone.
package struct LoadedFile: Hashable, Sendable {
    package var name: String
    /// The SHA-256 of the contents, in hexadecimal.
    package var digest: String { ContentDigest.sha256(contents) }
    package var contents: [UInt8]

    package init(name: String, contents: [UInt8]) {
        self.name = name
        self.contents = contents
    }
}

/// An object with the place where it was written.
package struct LoadedObject: Equatable, Sendable {
    package var object: KubernetesObject
    package var place: SourcePlace
    /// Whether the manifest leaves it open how many replicas there are to be.
    var leavesReplicas = false

    package init(object: KubernetesObject, place: SourcePlace) {
        self.object = object
        self.place = place
    }
}

/// A document that is no object of the cluster, with the file that it stands in.
package struct LoadedDocument: Equatable, Sendable {
    package var tree: ManifestTree
    /// As messages call it.
    package var file: String

    package init(tree: ManifestTree, file: String) {
        self.tree = tree
        self.file = file
    }

    /// Where the document starts.
    package var place: SourcePlace { SourcePlace(file: file, position: tree.position) }
}

/// What manifests hold: the objects in source order, the files, and everything that was found about them.
package struct LoadedManifests: Sendable {
    package var objects: [LoadedObject] = []
    /// Documents of kind KubeSchedulerConfiguration, in source order.
    package var schedulerConfigurations: [LoadedDocument] = []
    /// Events of a live cluster, in source order.
    var events: [ExportedEvent] = []
    /// The newest time that the files tell of; nil without machines among the objects.
    package var newestTime: UnixTime?
    /// How many machines run each version of the kubelet.
    var kubelets: [(version: String, count: Int)] = []
    package var files: [LoadedFile] = []
    /// Whether some file is no YAML or JSON: what it holds beyond that is not known.
    var hasBrokenFiles = false
    package var diagnostics: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
