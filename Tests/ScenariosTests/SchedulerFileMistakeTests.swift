import KubernetesAPI
import Scenarios
import Testing

@Suite("A malformed configuration of kube-scheduler is answered with the place and what was expected")
struct SchedulerFileMistakeTests {
    /// A mistake: a sentence, the text below the head of two lines, and the findings.
    struct Row: Sendable, CustomStringConvertible {
        let description: String
        let text: String
        let findings: [String]

        init(_ description: String, _ text: String, _ findings: String...) {
            self.init(description: description, text: text, findings: findings)
        }

        private init(description: String, text: String, findings: [String]) {
            self.description = description
            self.text = text
            self.findings = findings
        }

        /// A row about the arguments of one plugin, which stand in line 6 from column 11 on.
        static func arguments(_ description: String, of plugin: String, _ args: String, _ findings: String...) -> Row {
            Row(
                description: description, text: "profiles:\n- pluginConfig:\n  - name: \(plugin)\n    args: \(args)",
                findings: findings)
        }
    }

    @Test("the errors and warnings are these and no others", arguments: rows + argumentRows + extenderRows)
    func mistake(row: Row) {
        let found = SchedulerFile.read(row.text).diagnostics.all.filter { $0.severity != .note }.map(\.description)
        #expect(found == row.findings)
    }

    @Test("a version that v1.36 does not read is an error")
    func version() {
        let old = "apiVersion: kubescheduler.config.k8s.io/v1beta3\nkind: KubeSchedulerConfiguration\n"
        #expect(
            SchedulerFile.read("", head: old).diagnostics.all.map(\.description) == [
                "s.yaml:1:13: error: apiVersion: found the text \"kubescheduler.config.k8s.io/v1beta3\" "
                    + "(expected kubescheduler.config.k8s.io/v1)"
            ])
    }

    @Test("with --strict, what is not modelled is an error")
    func strict() {
        let text = "profiles: [{plugins: {multiPoint: {enabled: [{name: NodeDeclaredFeatures}]}}}]"
        #expect(SchedulerFile.read(text).diagnostics.all.map(\.severity) == [.warning])
        #expect(SchedulerFile.read(text, isStrict: true).diagnostics.all.map(\.severity) == [.error])
    }

    static let rows: [Row] = [
        Row(
            "an unknown field has the nearest name", "profile: []",
            "s.yaml:3:1: error: profile: unknown field (did you mean \"profiles\"?)"),
        Row(
            "a percentage is at most 100", "percentageOfNodesToScore: 101",
            "s.yaml:3:27: error: percentageOfNodesToScore: found the number 101 (expected a whole number from 0 to 100)"),
        Row(
            "parallelism is at least 1", "parallelism: 0",
            "s.yaml:3:14: error: parallelism: found the number 0 (expected a whole number of at least 1)"),
        Row(
            "the first back-off is above zero", "podInitialBackoffSeconds: 0",
            "s.yaml:3:27: error: podInitialBackoffSeconds: found the number 0 (expected a whole number of at least 1)"),
        Row(
            "the longest back-off is not below the first", "podInitialBackoffSeconds: 5\npodMaxBackoffSeconds: 4",
            "s.yaml:4:23: error: podMaxBackoffSeconds: podMaxBackoffSeconds is 4, less than podInitialBackoffSeconds "
                + "(expected podMaxBackoffSeconds of at least podInitialBackoffSeconds)"),
        Row(
            "the first back-off is not above the default of the longest", "podInitialBackoffSeconds: 11",
            "s.yaml:3:27: error: podInitialBackoffSeconds: podMaxBackoffSeconds is 10, less than "
                + "podInitialBackoffSeconds (expected podMaxBackoffSeconds of at least podInitialBackoffSeconds)"),
        Row(
            "leases only lock elections", "leaderElection: {resourceLock: endpoints}",
            "s.yaml:3:32: error: leaderElection.resourceLock: found the text \"endpoints\" (expected leases)"),
        Row(
            "a lease outlives its renewal", "leaderElection: {leaseDuration: 5s}",
            "s.yaml:3:33: error: leaderElection.leaseDuration: 5s is not longer than renewDeadline, 10s"),
        Row(
            "the limits of the client are parameters here", "clientConnection: {qps: 100, burst: -1}",
            "s.yaml:3:25: warning: clientConnection.qps: it has no effect here (expected the scenario's parameter "
                + "scheduler.qps)",
            "s.yaml:3:37: error: clientConnection.burst: found the number -1 (expected a whole number of at least 0)"),
        Row(
            "two profiles of one name", "profiles: [{schedulerName: a}, {schedulerName: a}]",
            "s.yaml:3:48: error: profiles[1].schedulerName: profiles[0] has the name \"a\" already "
                + "(expected a name of its own for each profile)"),
        Row(
            "several profiles need names", "profiles: [{schedulerName: a}, {}]",
            "s.yaml:3:32: error: profiles[1].schedulerName: a value is required "
                + "(expected a name for each of several profiles)"),
        Row(
            "an unknown extension point", "profiles: [{plugins: {scores: {}}}]",
            "s.yaml:3:23: error: profiles[0].plugins.scores: unknown field (did you mean \"score\"?)"),
        Row(
            "an unknown plugin has the nearest name", "profiles: [{plugins: {score: {enabled: [{name: ImageLocalty}]}}}]",
            "s.yaml:3:48: error: profiles[0].plugins.score.enabled[0].name: there is no plugin \"ImageLocalty\" "
                + "(expected a plugin of kube-scheduler or a policy of research; did you mean \"ImageLocality\"?)"),
        Row(
            "a plugin that is gone", "profiles: [{plugins: {filter: {enabled: [{name: EBSLimits}]}}}]",
            "s.yaml:3:49: error: profiles[0].plugins.filter.enabled[0].name: Kubernetes has no plugin EBSLimits any more "
                + "(expected NodeVolumeLimits)"),
        Row(
            "a plugin at a point where it takes no part", "profiles: [{plugins: {score: {enabled: [{name: NodeName}]}}}]",
            "s.yaml:3:48: error: profiles[0].plugins.score.enabled[0].name: the plugin NodeName takes no part in score "
                + "(expected one of filter)"),
        Row(
            "a plugin twice",
            "profiles: [{plugins: {score: {enabled: [{name: ImageLocality}, {name: ImageLocality}]}}}]",
            "s.yaml:3:71: error: profiles[0].plugins.score.enabled[1].name: the plugin ImageLocality is enabled twice "
                + "at score"),
        Row(
            "a star is for disabling", "profiles: [{plugins: {score: {enabled: [{name: \"*\"}]}}}]",
            "s.yaml:3:48: error: profiles[0].plugins.score.enabled[0].name: only \"disabled\" knows \"*\" "
                + "(expected the name of a plugin)"),
        Row(
            "a weight is not negative", "profiles: [{plugins: {score: {enabled: [{name: ImageLocality, weight: -1}]}}}]",
            "s.yaml:3:71: error: profiles[0].plugins.score.enabled[0].weight: found the number -1 "
                + "(expected a whole number of at least 0)"),
        Row(
            "disabling what does not exist", "profiles: [{plugins: {score: {disabled: [{name: NodeAfinity}]}}}]",
            "s.yaml:3:49: warning: profiles[0].plugins.score.disabled[0].name: there is no plugin \"NodeAfinity\" to "
                + "disable (did you mean \"NodeAffinity\"?)"),
        Row(
            "nobody sorts and nobody binds", "profiles: [{plugins: {multiPoint: {disabled: [{name: \"*\"}]}}}]",
            "s.yaml:3:22: error: profiles[0].plugins: no plugin would sort the queue "
                + "(expected exactly one plugin at queueSort: PrioritySort)",
            "s.yaml:3:22: error: profiles[0].plugins: no plugin would bind pods "
                + "(expected at least one plugin at bind: DefaultBinder)"),
        Row(
            "filters need their pre-filters, and so does what is reserved",
            "profiles: [{plugins: {preFilter: {disabled: [{name: \"*\"}]}}}]",
            "s.yaml:3:22: error: profiles[0].plugins: without preFilter, every pod would fail at filter of NodePorts, "
                + "NodeResourcesFit, VolumeRestrictions, VolumeBinding, PodTopologySpread, InterPodAffinity, "
                + "DynamicResources (expected the same plugins at preFilter, or none of them at filter)",
            "s.yaml:3:22: error: profiles[0].plugins: without preFilter, every pod would fail at reserve of "
                + "VolumeBinding, DynamicResources (expected the same plugins at preFilter, or none of them at reserve)"),
        Row(
            "scores need their pre-scores",
            "profiles: [{plugins: {preScore: {disabled: [{name: \"*\"}], enabled: [{name: TaintToleration}]}}}]",
            "s.yaml:3:22: error: profiles[0].plugins: without preScore, every pod would fail at score of "
                + "PodTopologySpread, InterPodAffinity (expected the same plugins at preScore, or none of them at score)"
        ),
        Row(
            "plugins that do without",
            "profiles: [{plugins: {preFilter: {disabled: [{name: NodeAffinity}, {name: VolumeZone}, "
                + "{name: NodeVolumeLimits}]}, preScore: {disabled: [{name: NodeAffinity}, {name: NodeResourcesFit}, "
                + "{name: NodeResourcesBalancedAllocation}]}}}]"),
        Row(
            "queues are sorted alike",
            "profiles:\n- {schedulerName: a}\n- schedulerName: b\n"
                + "  plugins: {queueSort: {enabled: [{name: PrioritySort}]}}",
            "s.yaml:6:12: error: profiles[1].plugins: queueSort differs from that of profiles[0] "
                + "(expected the same plugins that sort the queue in all profiles)"),
    ]

    static let argumentRows: [Row] = [
        .arguments(
            "arguments twice", of: "DefaultPreemption", "{}\n  - name: DefaultPreemption",
            "s.yaml:7:11: error: profiles[0].pluginConfig[1].name: the plugin DefaultPreemption has arguments already"),
        .arguments(
            "arguments of another plugin", of: "NodeAffinity", "{kind: NodeResourcesFitArgs, scoringStrategy: {}}",
            "s.yaml:6:18: error: profiles[0].pluginConfig[0].args.kind: found the text \"NodeResourcesFitArgs\" in the "
                + "arguments of NodeAffinity (expected NodeAffinityArgs)"),
        .arguments(
            "a plugin that takes none", of: "NodeName", "{a: 1}",
            "s.yaml:6:11: warning: profiles[0].pluginConfig[0].args: the plugin NodeName takes no arguments: they have "
                + "no effect"),
        .arguments(
            "an unknown plugin", of: "NodeResourceFit", "{}",
            "s.yaml:5:11: error: profiles[0].pluginConfig[0].name: there is no plugin \"NodeResourceFit\" "
                + "(expected a plugin of kube-scheduler or a policy of research; did you mean \"NodeResourcesFit\"?)"),
        .arguments(
            "an unknown strategy", of: "NodeResourcesFit", "{scoringStrategy: {type: MostAlocated}}",
            "s.yaml:6:36: error: profiles[0].pluginConfig[0].args.scoringStrategy.type: found the text \"MostAlocated\" "
                + "(expected one of LeastAllocated, MostAllocated, RequestedToCapacityRatio; did you mean "
                + "\"MostAllocated\"?)"),
        .arguments(
            "a resource's weight is at most 100", of: "NodeResourcesFit",
            "{scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 101}]}}",
            "s.yaml:6:83: error: profiles[0].pluginConfig[0].args.scoringStrategy.resources[0].weight: found the number "
                + "101 (expected a whole number from 0 to 100)"),
        .arguments(
            "a ratio needs a shape", of: "NodeResourcesFit", "{scoringStrategy: {type: RequestedToCapacityRatio}}",
            "s.yaml:6:29: error: profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio: a value is "
                + "required with this type (expected a mapping with shape)"),
        .arguments(
            "points rise", of: "NodeResourcesFit",
            "\n      scoringStrategy:\n        type: RequestedToCapacityRatio\n        requestedToCapacityRatio:\n"
                + "          shape: [{utilization: 50, score: 1}, {utilization: 50, score: 11}]",
            "s.yaml:10:73: error: profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1]"
                + ".score: found the number 11 (expected a whole number from 0 to 10)",
            "s.yaml:10:62: error: profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1]"
                + ".utilization: 50 comes after 50 (expected points that rise)"),
        .arguments(
            "a shape beside another strategy", of: "NodeResourcesFit",
            "{scoringStrategy: {type: LeastAllocated, requestedToCapacityRatio: {}}}",
            "s.yaml:6:78: error: profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio: it stands "
                + "beside another type (expected type: RequestedToCapacityRatio)"),
        .arguments(
            "a group of resources has no slash", of: "NodeResourcesFit", "{ignoredResourceGroups: [example.com/a]}",
            "s.yaml:6:36: error: profiles[0].pluginConfig[0].args.ignoredResourceGroups[0]: found the text "
                + "\"example.com/a\" (expected what stands before the slash, such as example.com)"),
        .arguments(
            "balance knows no weights", of: "NodeResourcesBalancedAllocation", "{resources: [{name: cpu, weight: 2}]}",
            "s.yaml:6:44: error: profiles[0].pluginConfig[0].args.resources[0].weight: found the number 2 "
                + "(expected a whole number from 0 to 1)"),
        .arguments(
            "preemption must try some node", of: "DefaultPreemption",
            "{minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0}",
            "s.yaml:6:41: error: profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: it is 0, and "
                + "minCandidateNodesAbsolute too: no node would be tried (expected one of the two above 0)"),
        .arguments(
            "default constraints have no selector, and their type is List", of: "PodTopologySpread",
            "\n      defaultConstraints:\n      - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, "
                + "labelSelector: {}}",
            "s.yaml:8:90: error: profiles[0].pluginConfig[0].args.defaultConstraints[0].labelSelector: it follows from "
                + "the services and owners of each pod (expected no value)",
            "s.yaml:8:7: error: profiles[0].pluginConfig[0].args.defaultConstraints: they stand beside defaultingType "
                + "System (expected defaultingType: List)"),
        .arguments(
            "a hard affinity weighs at most 100", of: "InterPodAffinity", "{hardPodAffinityWeight: 101}",
            "s.yaml:6:35: error: profiles[0].pluginConfig[0].args.hardPodAffinityWeight: found the number 101 "
                + "(expected a whole number from 0 to 100)"),
        .arguments(
            "an added affinity is checked as a pod's is", of: "NodeAffinity",
            "\n      addedAffinity:\n        requiredDuringSchedulingIgnoredDuringExecution:\n"
                + "          nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Within, values: [b]}]}]",
            "s.yaml:9:70: error: profiles[0].pluginConfig[0].args.addedAffinity"
                + ".requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: "
                + "found the text \"Within\" (expected one of In, NotIn, Exists, DoesNotExist, Gt, Lt)"),
    ]

    static let extenderRows: [Row] = [
        Row(
            "an extender without an address", "extenders: [{filterVerb: filter}]",
            "s.yaml:3:13: error: extenders[0].urlPrefix: a value is required"),
        Row(
            "an address that is none", "extenders: [{urlPrefix: \"127.0.0.1\"}]",
            "s.yaml:3:25: error: extenders[0].urlPrefix: found the text \"127.0.0.1\" (expected an address such as "
                + "http://127.0.0.1:8888/scheduler)"),
        Row(
            "scores need a weight", "extenders: [{urlPrefix: \"http://a\", prioritizeVerb: p}]",
            "s.yaml:3:13: error: extenders[0].weight: found 0 (expected a weight above 0 with prioritizeVerb)"),
        Row(
            "one extender binds",
            "extenders:\n- {urlPrefix: \"http://a\", bindVerb: b}\n- {urlPrefix: \"http://b\", bindVerb: b}",
            "s.yaml:5:37: error: extenders[1].bindVerb: another extender binds already (expected one that binds)"),
        Row(
            "managed resources are extended ones, each once",
            "extenders:\n- urlPrefix: http://a\n  managedResources: [{name: cpu}, {name: a.b/c}, {name: a.b/c}]",
            "s.yaml:5:29: error: extenders[0].managedResources[0].name: found the text \"cpu\" (expected the name of an "
                + "extended resource such as example.com/device)",
            "s.yaml:5:57: error: extenders[0].managedResources[2].name: the resource a.b/c is managed by an extender "
                + "already"),
        Row(
            "certificates are not looked at", "extenders: [{urlPrefix: \"http://a\", tlsConfig: {insecure: true}}]",
            "s.yaml:3:48: warning: extenders[0].tlsConfig: this field is not modelled: certificates are not looked at"),
    ]
}
