import KubernetesAPI
import Simulation

/// Completes scheduled changes: reads the manifests that they apply, and looks whether their objects exist.
struct ChangeAssembly {
    private let drafts: [ChangeDraft]
    private let context: DecodingContext
    /// All objects that the run starts with.
    private let objects: [LoadedObject]
    /// What each draft applies.
    private var applications: [[LoadedObject]] = []

    init(drafts: [ChangeDraft], context: DecodingContext, objects: [LoadedObject]) {
        self.drafts = drafts
        self.context = context
        self.objects = objects
    }

    /// Everything that is applied at some time.
    var applied: [LoadedObject] { applications.flatMap { $0 } }

    /// Reads the manifests.
    mutating func load(with loader: ManifestLoader, ledger: InputLedger, diagnostics: Diagnostics) {
        applications = drafts.map { draft in
            guard case .apply(let paths) = draft.act else { return [] }
            let before = diagnostics.errorCount
            let files = paths.flatMap { ledger.read($0, .scenario) }
            let loaded = loader.load(files: files, diagnostics)
            if loaded.objects.isEmpty, loaded.schedulerConfigurations.isEmpty, diagnostics.errorCount == before {
                context.error(
                    "no object stands in \(paths.joined(separator: ", "))", path: draft.path, at: draft.position,
                    expected: "files or folders with manifests")
            }
            for object in loaded.objects where object.object.kind == .node {
                diagnostics.add(
                    Diagnostic(
                        .error, file: object.place.file, position: object.place.position,
                        message: "a machine cannot be applied", expected: "a pool in the scenario"))
            }
            for document in loaded.schedulerConfigurations {
                diagnostics.add(
                    Diagnostic(
                        .error, file: document.file, position: document.tree.position,
                        message: "a configuration of the scheduler cannot be applied",
                        expected: "spec.scheduler.configuration in the scenario"))
            }
            return loaded.objects
        }
    }

    /// Returns the changes; what they name and nobody has is recorded. `machines` are the names of those of the pools.
    func changes(machines: [String], _ diagnostics: Diagnostics) -> [ScheduledChange] {
        let known = (objects + applied).map(\.object)
        return zip(drafts, applications).compactMap { draft, applied -> ScheduledChange? in
            let act: ScheduledChange.Act
            switch draft.act {
            case .apply: act = .apply(applied.map(\.object))
            case .setImage(let key, let container, let image):
                guard let object = find(key, known, draft), case .deployment(let deployment) = object,
                    let name = self.container(container, of: deployment, draft)
                else { return nil }
                act = .setImage(key, container: name, image: image)
            case .ready(let ready):
                act = ready
                switch ready {
                case .scale(let key, _): if find(key, known, draft) == nil { return nil }
                case .delete(let key):
                    if !isImplied(key, known, machines), find(key, known, draft) == nil { return nil }
                case .apply, .setImage, .publish, .cordon, .uncordon, .drain, .shutDown, .replacePods: break
                }
            }
            var change = ScheduledChange(at: draft.at, every: draft.every, act: act)
            change.leavesReplicas = Set(applied.lazy.filter(\.leavesReplicas).map(\.object.key))
            return change
        }
    }

    /// Whether an object can be there that no manifest holds.
    private func isImplied(_ key: ObjectKey, _ known: [KubernetesObject], _ machines: [String]) -> Bool {
        switch key.kind {
        // Controllers make them, with names that nobody knows yet.
        case .pod, .replicaSet, .job: true
        case .node: machines.contains(key.name)
        // Those of the system cannot be deleted.
        case .namespace:
            !["default", "kube-public", "kube-system"].contains(key.name)
                && known.contains { $0.metadata.namespace == key.name }
        case .deployment, .statefulSet, .daemonSet, .cronJob, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .controllerRevision, .lease, .endpoints, .csiNode,
            .endpointSlice, .other:
            false
        }
    }

    private func find(_ key: ObjectKey, _ known: [KubernetesObject], _ draft: ChangeDraft) -> KubernetesObject? {
        if let object = known.first(where: { $0.key == key }) { return object }
        let names = known.filter { $0.kind == key.kind && $0.metadata.namespace == key.namespace }
            .map(\.metadata.name)
        let elsewhere = known.first { $0.kind == key.kind && $0.metadata.name == key.name }
        context.error(
            "the manifests hold no \(key)", path: draft.path, at: draft.position,
            expected: elsewhere.map { "namespace: \($0.metadata.namespace), where there is one of this name" },
            nearest: NearestName.of(key.name, among: names))
        return nil
    }

    private func container(_ name: String?, of deployment: Deployment, _ draft: ChangeDraft) -> String? {
        let names = deployment.spec.template.spec.containers.map(\.name)
        guard let name else {
            if names.count == 1 { return names[0] }
            context.error(
                "\(deployment.metadata.name) has \(names.count) containers", path: draft.path, at: draft.position,
                expected: "container: one of \(names.joined(separator: ", "))")
            return nil
        }
        if names.contains(name) { return name }
        context.error(
            "\(deployment.metadata.name) has no container \"\(ManifestTree.shortened(name))\"",
            path: draft.path.field("container"), at: draft.position,
            expected: "one of \(names.joined(separator: ", "))", nearest: NearestName.of(name, among: names))
        return nil
    }
}
