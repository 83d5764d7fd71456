import Chronology
import KubernetesAPI
import Machines
import Simulation
import Workloads

/// Makes the start of a run out of a live cluster's export: all objects as they stand, and what exports leave out.
struct ClusterAssembly {
    private let manifests: LoadedManifests
    private let startDate: StartDate
    private let diagnostics: Diagnostics
    /// In the order in which they are brought in: owners before what they own.
    private(set) var objects: [KubernetesObject] = []
    /// What is known beside the objects.
    private(set) var takeover = ClusterTakeover()
    /// What containers that crash in a loop go on doing.
    private(set) var rules: [WorkloadRule] = []
    /// References that no machine of the cluster could pull.
    private(set) var missingImages: [String] = []

    /// Goes through what was exported; without `keepsBindings` the scheduler decides about its pods again.
    init(_ manifests: LoadedManifests, startDate: StartDate, keepsBindings: Bool, _ diagnostics: Diagnostics) {
        self.manifests = manifests
        self.startDate = startDate
        self.diagnostics = diagnostics
        let loops = CrashLoops(manifests.objects, diagnostics: diagnostics)
        rules = loops.rules
        missingImages = loops.missingImages
        checkClock()
        tellKubelets()
        checkNodes()
        var supply = OwnerSupply(manifests.objects, diagnostics: diagnostics)
        supply.addRevisions()
        supply.addOwners()
        var objects = supply.objects
        if !keepsBindings { objects = release(objects) }
        explainWaiting(objects)
        self.objects = Self.ordered(objects)
    }

    /// Returns the images that registries have, less those that nobody could pull.
    func adding(to images: ImageCatalogue) -> ImageCatalogue {
        var images = images
        for image in missingImages where images.isUnknown(image) { images.markMissing(image) }
        return images
    }

    private static func ordered(_ objects: [KubernetesObject]) -> [KubernetesObject] {
        let ranked = objects.enumerated().map { ($0.element, rank(of: $0.element), $0.offset) }
        return ranked.sorted { left, right in
            if left.1 != right.1 { return left.1 < right.1 }
            // Pods are numbered in the order in which they were made.
            let (first, second) = (left.0.metadata.creationTimestamp, right.0.metadata.creationTimestamp)
            return first != second && left.0.kind == .pod ? first < second : left.2 < right.2
        }.map(\.0)
    }

    private static func rank(of object: KubernetesObject) -> Int {
        switch object.kind {
        case .namespace: 0
        case .priorityClass, .storageClass, .limitRange, .resourceQuota, .csiNode, .node, .lease, .other: 1
        case .persistentVolume: 2
        case .persistentVolumeClaim: 3
        case .cronJob, .deployment, .statefulSet, .daemonSet, .replicationController, .service: 4
        case .job, .replicaSet, .controllerRevision, .podDisruptionBudget, .horizontalPodAutoscaler,
            .verticalPodAutoscaler, .endpoints,
            .endpointSlice:
            5
        case .pod: 6
        }
    }

    // MARK: - Time

    /// Says how far the start lies from the newest time of the export.
    private func checkClock() {
        guard let newest = manifests.newestTime, let instant = startDate.instant(of: newest) else { return }
        if instant > .start + .seconds(1) {
            warn("the export tells of \(newest.text()), which is after the start \(startDate)", at: firstNode)
        } else if instant < .start - .hours(1) {
            warn(
                "the newest time of the export is \(newest.text()): until the start \(startDate) nothing is taken to have "
                    + "happened", at: firstNode)
        }
    }

    /// Names the kubelets whose rules may be others than the model's.
    private func tellKubelets() {
        guard let place = firstNode, !manifests.kubelets.isEmpty else { return }
        let versions = manifests.kubelets.map { "\($0.version) (\($0.count))" }.joined(separator: ", ")
        diagnostics.add(
            Diagnostic(
                .note, file: place.file, position: place.position,
                message: "the machines run kubelet \(versions); here they all follow v1.36"))
    }

    /// Tells of pods whose machines are not there: they are taken for lost.
    private func checkNodes() {
        let names = Set(
            manifests.objects.filter { $0.object.kind == .node }.map(\.object.metadata.name))
        for entry in manifests.objects {
            guard case .pod(let pod) = entry.object, let node = pod.nodeName, !pod.status.phase.isTerminal,
                !names.contains(node)
            else { continue }
            diagnostics.addFolded(
                Diagnostic(
                    .warning, file: entry.place.file, position: entry.place.position, path: "spec.nodeName",
                    message: "the pod's node is not in the export: the pod is taken for lost with its machine"),
                pattern: "export node")
        }
    }

    private var firstNode: SourcePlace? { manifests.objects.first { $0.object.kind == .node }?.place }

    private func warn(_ message: String, at place: SourcePlace?) {
        diagnostics.add(
            Diagnostic(.warning, file: place?.file ?? "", position: place?.position, message: message))
    }

    // MARK: - Bindings

    /// Takes pods off their nodes, so that the scheduler decides again; those that belong to a node stay.
    private func release(_ objects: [KubernetesObject]) -> [KubernetesObject] {
        objects.map { object in
            guard case .pod(var pod) = object, pod.nodeName != nil, !pod.status.phase.isTerminal, !pod.isTerminating,
                !pod.isMirror, pod.metadata.controllerKind != "DaemonSet"
            else { return object }
            var status = PodStatus()
            status.qosClass = pod.status.qosClass
            pod = Pod(metadata: pod.metadata, specBox: pod.specBox, nodeName: nil, status: status)
            return .pod(pod)
        }
    }

    // MARK: - Events

    /// Gives each pod that waits for a node the reason that its cluster knew, and says what became of all other events.
    private mutating func explainWaiting(_ objects: [KubernetesObject]) {
        var used = 0
        var latest: [ObjectKey: ExportedEvent] = [:]
        for event in manifests.events where event.reason == "FailedScheduling" && event.kind == "Pod" {
            let key = ObjectKey(.pod, namespace: event.namespace, name: event.name)
            if let known = latest[key], known.last > event.last { continue }
            latest[key] = event
        }
        for case .pod(let pod) in objects where pod.nodeName == nil && !pod.status.phase.isTerminal {
            let condition = pod.status.conditions.named(Condition.podScheduled)
            let event = latest[pod.key]
            if event != nil { used += 1 }
            let told = condition.flatMap { $0.status == .false && !$0.message.isEmpty ? $0.message : nil }
            guard let message = event?.message ?? told else { continue }
            let since = startDate.unixTime(of: pod.metadata.creationTimestamp).text()
            let source = event?.source ?? ""
            takeover.waiting.append(
                ClusterTakeover.Waiting(
                    pod: pod.key, source: source.isEmpty ? pod.spec.schedulerName : source,
                    message: "\(message) (as exported; pending since \(since))"))
        }
        tellEvents(used: used)
    }

    private func tellEvents(used: Int) {
        guard let first = manifests.events.first else { return }
        var counts: [(reason: String, count: Int)] = []
        for event in manifests.events {
            let reason = event.reason.isEmpty ? "without reason" : event.reason
            if let index = counts.firstIndex(where: { $0.reason == reason }) {
                counts[index].count += 1
            } else {
                counts.append((reason, 1))
            }
        }
        counts.sort { ($1.count, $0.reason) < ($0.count, $1.reason) }
        let shown = counts.prefix(12).map { "\($0.reason) (\($0.count))" }.joined(separator: ", ")
        let rest = counts.count > 12 ? ", …" : ""
        diagnostics.add(
            Diagnostic(
                .note, file: first.place.file, position: first.place.position,
                message: "\(manifests.events.count) event(s) were read: \(used) tell(s) why a pod waits for a node, "
                    + "and the others change nothing: \(shown)\(rest)"))
    }
}
