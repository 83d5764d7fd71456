import KubernetesAPI

extension ObjectMeta {
    /// The namespace that the object comes into: `default` where it names none, as with kubectl.
    var namespaceOrDefault: String { namespace.isEmpty ? "default" : namespace }
}
