import Chronology
import KubernetesAPI
import VirtualTime
import Workloads

/// What an export tells of containers that do not get on: those that crash in a loop, and those without their image.
struct CrashLoops {
    /// What containers that crash in a loop go on doing; rules of the scenario stand above these.
    private(set) var rules: [WorkloadRule] = []
    /// References that no machine could pull.
    private(set) var missingImages: [String] = []

    /// How long a container must run to count as well.
    private static let steady = Duration.minutes(10)
    private static let pullReasons = ["ImagePullBackOff", "ErrImagePull"]

    init(_ loaded: [LoadedObject], diagnostics: Diagnostics) {
        var present: Set<String> = []
        var steady: [(namespace: String, labels: StringMap, container: String)] = []
        for entry in loaded {
            if case .node(let node) = entry.object {
                for image in node.status.images { present.formUnion(image.names) }
            }
            guard case .pod(let pod) = entry.object else { continue }
            for status in pod.status.containerStatuses {
                guard case .running(let since) = status.state else { continue }
                if let image = Self.image(of: status.name, in: pod) { present.insert(image) }
                // Without labels, nothing says that two pods are of a kind.
                if !pod.metadata.labels.isEmpty, status.ready || since < .start - Self.steady {
                    steady.append((pod.metadata.namespace, pod.metadata.labels, status.name))
                }
            }
        }
        for entry in loaded {
            guard case .pod(let pod) = entry.object, !pod.status.phase.isTerminal else { continue }
            for status in pod.status.initContainerStatuses + pod.status.containerStatuses {
                guard case .waiting(let reason) = status.state else { continue }
                if Self.pullReasons.contains(reason), let image = Self.image(of: status.name, in: pod),
                    !present.contains(image), !missingImages.contains(image)
                {
                    missingImages.append(image)
                    Self.tell(
                        "Pod: the image \(image) could not be pulled: its registry is taken not to have it, unless images "
                            + "says otherwise", at: entry.place, diagnostics)
                }
                let isSteadyElsewhere = steady.contains {
                    $0.namespace == pod.metadata.namespace && $0.labels == pod.metadata.labels
                        && $0.container == status.name
                }
                guard reason == "CrashLoopBackOff" else { continue }
                if isSteadyElsewhere {
                    Self.tell(
                        "Pod: the container \(status.name) crashes in a loop, and runs well in another pod of the same "
                            + "labels: from its next start it is taken to run, unless workloads says otherwise",
                        at: entry.place, diagnostics)
                } else {
                    addRule(status, of: pod, entry.place, diagnostics)
                }
            }
        }
    }

    private mutating func addRule(
        _ status: ContainerStatus, of pod: Pod, _ place: SourcePlace, _ diagnostics: Diagnostics
    ) {
        guard case .terminated(let exitCode, _, let startedAt, let finishedAt) = status.lastTermination else { return }
        let labels = pod.metadata.labels
        let isBare = labels.isEmpty
        var rule = WorkloadRule(
            WorkloadRule.Match(
                namespace: pod.metadata.namespace, name: isBare ? pod.metadata.name : nil,
                labels: isBare ? nil : LabelSelector(matchLabels: labels), container: status.name))
        guard !rules.contains(where: { $0.match == rule.match }) else { return }
        let lasted = max(.zero, finishedAt - startedAt)
        rule.outcome = Behavior.Outcome(
            failureExitCode: exitCode, failingRuns: .max, failureAfter: .constant(lasted.inSeconds))
        rules.append(rule)
        Self.tell(
            "Pod: the container \(status.name) crashes in a loop: it goes on to exit with code \(exitCode) after \(lasted), "
                + "unless workloads says otherwise", at: place, diagnostics)
    }

    private static func image(of container: String, in pod: Pod) -> String? {
        (pod.spec.initContainers + pod.spec.containers).first { $0.name == container }?.image
    }

    private static func tell(_ message: String, at place: SourcePlace, _ diagnostics: Diagnostics) {
        diagnostics.addFolded(
            Diagnostic(.note, file: place.file, position: place.position, message: message), pattern: "export loop")
    }
}
