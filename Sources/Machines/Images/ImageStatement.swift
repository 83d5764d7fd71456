/// What a scenario, an export or a push says that a reference names.
package struct ImageStatement: Hashable, Sendable {
    /// The layers of one manifest.
    package enum Content: Hashable, Sendable {
        /// The compressed size; it is split into layers as that of an unknown image.
        case size(Int64)
        /// The base first.
        case layers([ImageLayer])
    }

    /// A manifest for one kind of processor; nil runs on all.
    package struct Platform: Hashable, Sendable {
        package var architecture: MachineType.Architecture?
        package var content: Content

        /// Creates a manifest's statement.
        package init(architecture: MachineType.Architecture? = nil, content: Content) {
            self.architecture = architecture
            self.content = content
        }
    }

    /// What the registry answers.
    package enum Answer: Hashable, Sendable {
        case manifest(Platform)
        /// An index that names a manifest for each platform.
        case index([Platform])
        /// What another reference names at the moment.
        case reference(String)
        /// The repository has no such tag or digest.
        case missing
        /// The registry has no such repository.
        case missingRepository
    }

    package var answer: Answer
    /// The digest of it all, where it is known; otherwise it follows from the content.
    package var digest: String?
    /// Whether machines that have it never remove it.
    package var isPinned = false
    /// Whether its last layer is damaged in the registry: what arrives is not what the digest says.
    package var isCorrupt = false

    /// Creates a statement.
    package init(_ answer: Answer, digest: String? = nil) {
        self.answer = answer
        self.digest = digest
    }
}
