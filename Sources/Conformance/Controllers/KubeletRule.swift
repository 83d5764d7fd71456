import Chronology
import KubernetesAPI

/// How the scripted kubelet treats the pods that a rule matches.
struct KubeletRule {
    private var labels: [(key: String, value: String)] = []
    private var image: String?
    private var name: String?
    private var index: String?
    private var node: String?
    /// The number of pods, in order of starting, that the rule is for.
    var firstN: Int?

    var start: Duration = .zero
    var readyAfter: Duration?
    var isNeverReady = false
    var hasImageError = false
    var restartCount: Int32 = 0
    var run: Duration = .zero
    var exitCode: Int32?
    var restartBackoff: Duration = .seconds(1)
    var termination: Duration = .zero
    var terminatedExitCode: Int32 = 143

    /// The rule for pods that no other fits.
    init() {}

    init(_ tree: ManifestTree) {
        let match = tree["match"]
        labels = (match?["labels"]?.entries ?? []).map { ($0.key, $0.value.string ?? "") }
        image = match?["image"]?.string
        name = match?["name"]?.string
        index = match?["index"].map { $0.string ?? $0.canonical }
        node = match?["node"]?.string
        firstN = match?["firstN"]?.integer.map(Int.init)
        start = tree["startSeconds"]?.seconds ?? .zero
        readyAfter = tree["readyAfterSeconds"]?.seconds
        isNeverReady = tree["neverReady"]?.truth ?? false
        if let error = tree["imageError"] { hasImageError = error.truth ?? true }
        restartCount = Int32(tree["restartCount"]?.integer ?? 0)
        run = tree["runSeconds"]?.seconds ?? .zero
        exitCode = tree["exitCode"]?.integer.map { Int32($0) }
        restartBackoff = tree["restartBackoffSeconds"]?.seconds ?? .seconds(1)
        termination = tree["terminationSeconds"]?.seconds ?? .zero
        terminatedExitCode = Int32(tree["terminatedExitCode"]?.integer ?? 143)
    }

    /// Returns whether the rule is for `pod`, whose normalised name is `known`, as far as its properties tell.
    func fits(_ pod: Pod, known: String) -> Bool {
        for pair in labels where pod.metadata.labels[pair.key] != pair.value { return false }
        if let image, pod.spec.containers.first?.image != image { return false }
        if let name, name != pod.metadata.name, name != known { return false }
        if let node, node != pod.nodeName { return false }
        if let index, pod.metadata.annotations["batch.kubernetes.io/job-completion-index"] != index { return false }
        return true
    }
}
