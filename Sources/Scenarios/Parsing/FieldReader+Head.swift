import KubernetesAPI

extension FieldReader {
    /// Reads `apiVersion` and `kind` of a file of our own, which must be these.
    func requireHead(kind: String) {
        for (field, wanted) in [("apiVersion", ScenarioDocument.apiVersion), ("kind", kind)] {
            if let text = string(field), text != wanted {
                error(field, "found the text \"\(ManifestTree.shortened(text))\"", expected: wanted)
            } else if !has(field) {
                error(field, "a value is required", expected: wanted)
            }
        }
    }
}
