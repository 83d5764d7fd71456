import KubernetesAPI

extension ManifestTree {
    /// The whole number when this is one.
    var integer: Int64? {
        if case .scalar(.integer(let text)) = value { Int64(text) } else { nil }
    }

    /// The strings of a sequence; empty when this is none.
    var strings: [String] { elements?.compactMap(\.string) ?? [] }
}
