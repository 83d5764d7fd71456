import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Warns of pod groups that nobody schedules as gangs: as in Kubernetes, that must be switched on.
struct GangCheck {
    let diagnostics: Diagnostics
    let configuration: SchedulerConfiguration

    /// Looks at all objects of a run.
    func check(_ objects: [LoadedObject]) {
        let isOn = configuration.profiles.contains { profile in
            profile.enabled(at: .permit).contains { $0.name == GangScheduling.name }
        }
        guard !isOn else { return }
        for loaded in objects where isAboutGangs(loaded.object) {
            diagnostics.addFolded(
                Diagnostic(
                    diagnostics.isStrict ? .error : .warning, file: loaded.place.file, position: loaded.place.position,
                    message: "pods of a group are scheduled one by one: gangs are off",
                    expected: "scheduler: {gangs: true} in the scenario"),
                pattern: "gangs are off")
        }
    }

    private func isAboutGangs(_ object: KubernetesObject) -> Bool {
        if case .other(let other) = object { return other.podGroup != nil }
        return FidelityCheck.podSpec(of: object)?.schedulingGroup != nil
    }
}
