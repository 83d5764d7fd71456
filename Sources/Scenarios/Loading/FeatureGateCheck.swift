import KubernetesAPI
import Simulation

/// Refuses what the API server takes only with a feature gate that is off, as it is in v1.36 unless a scenario says so.
struct FeatureGateCheck {
    let diagnostics: Diagnostics
    let parameters: SimulationParameters

    /// Looks at all objects of a run.
    func check(_ objects: [LoadedObject]) {
        guard !parameters.scalesToZero else { return }
        for loaded in objects {
            guard case .horizontalPodAutoscaler(let autoscaler) = loaded.object, autoscaler.minReplicas == 0 else {
                continue
            }
            diagnostics.add(
                Diagnostic(
                    .error, file: loaded.place.file, position: loaded.place.position, path: "spec.minReplicas",
                    message: "0 is taken with the feature gate HPAScaleToZero only",
                    expected: "at least 1, or parameters: {featureGates.HPAScaleToZero: true} in the scenario"))
        }
    }
}
