import KubernetesAPI
import Simulation
import Workloads

/// Warns of rules of `workloads` that are about nobody: what they say is lost, and the run looks as if it counted.
struct WorkloadRuleCheck {
    /// A container with the names by which rules find it.
    private struct Candidate {
        var subject: WorkloadSubject
        var container: String
        /// Whether its owner is called by this and a number that nobody knows before the run.
        var isNumbered = false

        func fits(_ match: WorkloadRule.Match) -> Bool {
            guard isNumbered, let pattern = match.name else { return match.matches(subject, container: container) }
            var rest = match
            rest.name = nil
            let known = pattern.prefix { $0 != "*" && $0 != "?" }
            return rest.matches(subject, container: container)
                && (known.hasPrefix(subject.ownerName) || subject.ownerName.hasPrefix(known))
        }
    }

    /// One of the things that a rule can go by.
    private enum Aspect: String, CaseIterable {
        case name, namespace, container, labels, kind

        func isSaid(in match: WorkloadRule.Match) -> Bool {
            switch self {
            case .name: match.name != nil
            case .namespace: match.namespace != nil
            case .container: match.container != nil
            case .labels: match.labels != nil
            case .kind: match.kind != nil
            }
        }

        func removed(from match: WorkloadRule.Match) -> WorkloadRule.Match {
            var rest = match
            switch self {
            case .name: rest.name = nil
            case .namespace: rest.namespace = nil
            case .container: rest.container = nil
            case .labels: rest.labels = nil
            case .kind: rest.kind = nil
            }
            return rest
        }

        func text(of match: WorkloadRule.Match) -> String? {
            switch self {
            case .name: match.name
            case .namespace: match.namespace
            case .container: match.container
            case .labels: match.labels?.matchLabels.pairs.first.map { "\($0.key): \($0.value)" }
            case .kind: match.kind
            }
        }

        func values(of candidate: Candidate) -> [String] {
            switch self {
            case .name: [candidate.subject.ownerName + (candidate.isNumbered ? "*" : "")]
            case .namespace: [candidate.subject.namespace]
            case .container: [candidate.container]
            case .labels:
                (candidate.subject.ownerLabels.pairs + candidate.subject.podLabels.pairs)
                    .map { "\($0.key): \($0.value)" }
            case .kind: [candidate.subject.ownerKind]
            }
        }
    }

    private let reading: ScenarioReading
    private var candidates: [Candidate] = []

    /// Looks at what makes pods among `objects`, of the start or applied later, and among `arrivals`.
    init(reading: ScenarioReading, objects: [KubernetesObject], arrivals: [ArrivalSetup]) {
        self.reading = reading
        let known = Dictionary(objects.map { ($0.key, $0) }) { first, _ in first }
        candidates = objects.flatMap { Self.candidates(of: $0, among: known) }
        for arrival in arrivals {
            var object = arrival.template
            object.metadata.labels[ArrivingObject.processLabel] = arrival.spec.name
            let made = Self.candidates(of: object, among: [:])
            for name in Self.names(of: arrival.spec) {
                candidates += made.map { candidate in
                    var named = candidate
                    named.subject.ownerName = name.text
                    named.isNumbered = name.isNumbered
                    return named
                }
            }
        }
    }

    /// Looks at all rules of the scenario, in its order.
    func check(_ rules: [WorkloadRule]) {
        if candidates.isEmpty { return }
        for (rule, place) in zip(rules, reading.rulePlaces) {
            var match = rule.match
            // Controllers give pods labels that no manifest has.
            if let labels = match.labels, labels.matchLabels.keys.contains(where: Self.isGiven) { match.labels = nil }
            if candidates.contains(where: { $0.fits(match) }) { continue }
            tell(match, place)
        }
    }

    private func tell(_ match: WorkloadRule.Match, _ place: (path: FieldPath, tree: ManifestTree)) {
        var (path, position) = (place.path, place.tree.position)
        var (expected, nearest): (String?, String?) = (nil, nil)
        for aspect in Aspect.allCases where aspect.isSaid(in: match) {
            let rest = aspect.removed(from: match)
            let others = candidates.filter { $0.fits(rest) }
            if others.isEmpty { continue }
            path = path.field(aspect.rawValue)
            position = place.tree[aspect.rawValue]?.position ?? position
            var values: [String] = []
            for value in others.flatMap(aspect.values) where !values.contains(value) { values.append(value) }
            nearest = aspect.text(of: match).flatMap { NearestName.of($0, among: values) }
            if !values.isEmpty {
                expected =
                    (values.count == 1 ? "" : "one of ") + values.prefix(6).joined(separator: ", ")
                    + (values.count > 6 ? ", …" : "")
            }
            break
        }
        reading.decoding.diagnostics.add(
            Diagnostic(
                .warning, file: reading.decoding.file, position: position, path: path.text,
                message: "the rule matches no container of the run: what it says is left out", expected: expected,
                nearest: nearest))
    }

    // MARK: - Candidates

    /// The containers of an object's pods; as in a run they go by the workload at the top of the chain of owners.
    private static func candidates(
        of object: KubernetesObject, among known: [ObjectKey: KubernetesObject]
    ) -> [Candidate] {
        guard let spec = FidelityCheck.podSpec(of: object) else { return [] }
        let namespace = object.metadata.namespace
        var (kind, name) = (object.kind.name, object.metadata.name)
        var owner = object.metadata.controllerReference
        for _ in 0..<4 {
            guard let next = owner else { break }
            (kind, name) = (next.kind, next.name)
            owner = key(kind, namespace, name).flatMap { known[$0] }?.metadata.controllerReference
        }
        let top = key(kind, namespace, name).flatMap { known[$0] }
        let podLabels = podLabels(of: object)
        let isTop = object.metadata.controllerReference == nil
        let subject = WorkloadSubject(
            ownerKind: kind, ownerName: name, namespace: namespace,
            ownerLabels: isTop ? object.metadata.labels : top?.metadata.labels ?? podLabels, podLabels: podLabels,
            restartPolicy: spec.restartPolicy)
        return (spec.initContainers + spec.containers).map { Candidate(subject: subject, container: $0.name) }
    }

    private static func key(_ kind: String, _ namespace: String, _ name: String) -> ObjectKey? {
        ObjectKind(name: kind).map { ObjectKey($0, namespace: namespace, name: name) }
    }

    private static func podLabels(of object: KubernetesObject) -> StringMap {
        switch object {
        case .replicaSet(let owner): owner.spec.template.labels
        case .deployment(let owner): owner.spec.template.labels
        case .statefulSet(let owner): owner.spec.template.labels
        case .job(let owner): owner.spec.template.labels
        case .cronJob(let owner): owner.spec.jobTemplate.template.labels
        case .daemonSet(let owner): owner.spec.template.labels
        case .replicationController(let owner): owner.spec.template.labels
        case .pod, .namespace, .node, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
            .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            object.metadata.labels
        }
    }

    /// How what arrives is called: by the names of a trace, or by the name of the process and a number.
    private static func names(of spec: ArrivalSpec) -> [(text: String, isNumbered: Bool)] {
        let numbered = [(text: "\(spec.name)-", isNumbered: true)]
        guard case .trace(let trace) = spec.process else { return numbered }
        let named = trace.rows.filter { !$0.name.isEmpty }
        let own = named.map { row in
            row.count ?? spec.count > 1 ? (text: "\(row.name)-", isNumbered: true) : (text: row.name, isNumbered: false)
        }
        return named.count == trace.rows.count ? own : numbered + own
    }

    private static func isGiven(_ label: String) -> Bool {
        [
            "pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index", "controller-uid", "job-name", "batch.kubernetes.io/controller-uid",
            "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index", "pod-template-generation",
        ].contains(label)
    }
}
