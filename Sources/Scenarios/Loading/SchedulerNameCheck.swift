import KubernetesAPI
import Scheduler

/// Warns of pods that ask for a scheduler that does not exist: they stay Pending, as they would in a real cluster.
struct SchedulerNameCheck {
    let diagnostics: Diagnostics
    let configuration: SchedulerConfiguration

    /// Looks at all objects that make pods.
    func check(_ objects: [LoadedObject]) {
        let names = configuration.profiles.map(\.schedulerName)
        for loaded in objects {
            guard let spec = FidelityCheck.podSpec(of: loaded.object), !names.contains(spec.schedulerName) else {
                continue
            }
            if case .pod(let pod) = loaded.object, pod.nodeName != nil { continue }
            let shown = ManifestTree.shortened(spec.schedulerName)
            diagnostics.addFolded(
                Diagnostic(
                    .warning, file: loaded.place.file, position: loaded.place.position,
                    message: "\(loaded.object.key): no scheduler has the name \"\(shown)\": its pods stay Pending",
                    expected: "one of \(names.joined(separator: ", "))",
                    nearest: NearestName.of(spec.schedulerName, among: names)),
                pattern: "scheduler name \(spec.schedulerName) \(loaded.object.key)")
        }
    }
}
