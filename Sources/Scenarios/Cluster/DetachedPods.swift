import KubernetesAPI

/// What becomes of pods on nodes that are not there: `kubectl get pods` tells of bindings, and not of machines.
///
/// A run without Node objects begins from nothing. What controllers of the input own they make anew; other pods are
/// scheduled again.
struct DetachedPods {
    private let loaded: [LoadedObject]
    private let machines: Set<String>
    private let diagnostics: Diagnostics
    private var uids: Set<UID> = []
    private var deployments: Set<ObjectKey> = []
    /// Those that make pods.
    private var controllers: Set<UID> = []

    init(_ loaded: [LoadedObject], machines: [String], diagnostics: Diagnostics) {
        self.loaded = loaded
        self.machines = Set(machines)
        self.diagnostics = diagnostics
        for entry in loaded {
            let object = entry.object
            uids.insert(object.metadata.uid)
            switch object.kind {
            case .deployment: deployments.insert(object.key)
            case .replicaSet, .replicationController, .statefulSet, .daemonSet, .job:
                controllers.insert(object.metadata.uid)
            case .pod, .node, .namespace, .cronJob, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
                .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
                .limitRange, .controllerRevision, .endpoints, .endpointSlice, .csiNode, .lease, .other:
                break
            }
        }
    }

    /// Returns the objects with which a run begins from nothing.
    func objects() -> [KubernetesObject] {
        loaded.compactMap { entry in
            guard case .pod(let pod) = entry.object, let node = pod.nodeName, !machines.contains(node) else {
                return entry.object
            }
            guard pod.metadata.uid != .none else {
                warnOfNode(entry, node)
                return entry.object
            }
            if let reason = reasonToLeaveOut(pod) {
                tell(.note, "its node is not in the input, and \(reason): it is left out", at: entry.place)
                return nil
            }
            return .pod(begunAnew(pod, at: entry.place))
        }
    }

    private func reasonToLeaveOut(_ pod: Pod) -> String? {
        if pod.status.phase.isTerminal { return "it has ended" }
        if pod.isTerminating { return "it was on its way out" }
        if isMadeAnew(pod) { return "its controller makes a new one" }
        let isOfNode = pod.isMirror || pod.metadata.controllerKind == "DaemonSet"
        return isOfNode ? "it belongs to that node alone" : nil
    }

    private func isMadeAnew(_ pod: Pod) -> Bool {
        guard let owner = pod.metadata.ownerReferences.first(where: \.controller) else { return false }
        if controllers.contains(owner.uid) { return true }
        // The replica sets are seldom asked for: the Deployment makes one of its own.
        guard owner.kind == "ReplicaSet", let hash = pod.metadata.labels["pod-template-hash"],
            owner.name.hasSuffix("-" + hash)
        else { return false }
        let name = String(owner.name.dropLast(hash.utf8.count + 1))
        return deployments.contains(ObjectKey(.deployment, namespace: pod.metadata.namespace, name: name))
    }

    /// Makes a new pod of one that ran: no scheduler has seen it, and nobody owns it who is not there.
    private func begunAnew(_ pod: Pod, at place: SourcePlace) -> Pod {
        var metadata = pod.metadata
        metadata.uid = .none
        metadata.ownerReferences.removeAll { !uids.contains($0.uid) }
        if metadata.ownerReferences.count < pod.metadata.ownerReferences.count {
            tell(
                .warning, "its owner is not in the input: it begins anew, and nobody scales or replaces it", at: place)
        } else {
            tell(.note, "its node is not in the input: it begins anew, and is scheduled again", at: place)
        }
        return Pod(metadata: metadata, specBox: pod.specBox, nodeName: nil, status: PodStatus())
    }

    private func warnOfNode(_ entry: LoadedObject, _ node: String) {
        // Without machines, nothing exists: that has been reported.
        guard !machines.isEmpty else { return }
        diagnostics.add(
            Diagnostic(
                .warning, file: entry.place.file, position: entry.place.position, path: "spec.nodeName",
                message: "there is no machine \"\(ManifestTree.shortened(node))\": the pod is taken for lost with it",
                expected: "the name of a machine, or nothing for the scheduler to choose",
                nearest: NearestName.of(node, among: machines.sorted())))
    }

    private func tell(_ severity: Diagnostic.Severity, _ message: String, at place: SourcePlace) {
        diagnostics.addFolded(
            Diagnostic(severity, file: place.file, position: place.position, message: "Pod: \(message)"),
            pattern: "detached pod")
    }
}
