import Chronology
package import KubernetesAPI
package import Scheduler
import SchedulingFramework

// Counterpart: KubeSchedulerConfiguration of kubescheduler.config.k8s.io/v1 with its defaults, its validation, and what
// the scheduler checks when it starts (v1.36).
// Deliberate differences: what upstream passes over in silence (arguments of plugins that take none, unknown names
// that are switched off) is a warning, and what it finds only at run time (negative weights, addresses of extenders
// that are none) is an error here.

/// Reads the configuration file of kube-scheduler.
package enum SchedulerConfigurationReader {
    /// The only version that v1.36 reads.
    package static let apiVersion = "kubescheduler.config.k8s.io/v1"
    /// The kind of the file.
    package static let kind = "KubeSchedulerConfiguration"

    /// Returns whether a document is a configuration of the scheduler, in whichever version.
    package static func isConfiguration(_ tree: ManifestTree) -> Bool {
        tree["kind"]?.string == kind && tree["apiVersion"]?.string?.hasPrefix("kubescheduler.config.k8s.io") ?? true
    }

    /// Returns what `tree` says, with upstream's defaults where it says nothing; what is wrong with it is recorded.
    ///
    /// The mode and the tie-break are not part of such a file: they keep their defaults.
    package static func read(_ tree: ManifestTree, context: DecodingContext) -> SchedulerConfiguration {
        var configuration = SchedulerConfiguration()
        guard let reader = FieldReader(tree, path: .root, context: context) else { return configuration }
        for (field, wanted) in [("apiVersion", apiVersion), ("kind", kind)] {
            let text = reader.requiredString(field)
            if !text.isEmpty, text != wanted {
                reader.error(field, "found the text \"\(ManifestTree.shortened(text))\"", expected: wanted)
            }
        }
        reader.readComponentFields()
        if let share = reader.int64("percentageOfNodesToScore", in: 0...100) {
            configuration.percentageOfNodesToScore = share
        }
        readBackoff(reader, into: &configuration)
        let profiles = ProfileReading.profiles(reader)
        if !profiles.isEmpty { configuration.profiles = profiles }
        configuration.extenders = ExtenderReading.extenders(reader)
        leaveManagedResources(to: configuration.extenders, in: &configuration.profiles)
        reader.finish()
        return configuration
    }

    private static func readBackoff(_ reader: FieldReader, into configuration: inout SchedulerConfiguration) {
        let initial = reader.int64("podInitialBackoffSeconds", in: 1...Int64(Int32.max))
        let most = reader.int64("podMaxBackoffSeconds", in: 1...Int64(Int32.max))
        if let initial { configuration.podInitialBackoff = .seconds(initial) }
        if let most { configuration.podMaxBackoff = .seconds(most) }
        guard configuration.podMaxBackoff < configuration.podInitialBackoff else { return }
        reader.error(
            most == nil ? "podInitialBackoffSeconds" : "podMaxBackoffSeconds",
            "podMaxBackoffSeconds is \(configuration.podMaxBackoff.nanoseconds / 1_000_000_000), "
                + "less than podInitialBackoffSeconds",
            expected: "podMaxBackoffSeconds of at least podInitialBackoffSeconds")
    }

    /// Resources that an extender answers for replace those that the filter was told to ignore, as upstream has it.
    private static func leaveManagedResources(to extenders: [ExtenderSettings], in profiles: inout [SchedulerProfile]) {
        let ignored = extenders.flatMap(\.managedResources).filter(\.ignoredByScheduler).map(\.name)
        guard !ignored.isEmpty else { return }
        for index in profiles.indices { profiles[index].arguments.fit.ignoredResources = ignored }
    }
}
