import Chronology
import KubernetesAPI
import Scenarios
import Scheduler
import SchedulingFramework
import Testing

/// Texts of scheduler configurations, and what the reader makes of them.
enum SchedulerFile {
    static let head = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n"

    /// Reads a text; `body` stands below the head, which has two lines.
    static func read(
        _ body: String, head: String = head, isStrict: Bool = false
    ) -> (configuration: SchedulerConfiguration, diagnostics: Diagnostics) {
        let diagnostics = Diagnostics(isStrict: isStrict)
        let trees = YAMLParser.parse(Array((head + body).utf8), file: "s.yaml", diagnostics: diagnostics)
        let context = DecodingContext(file: "s.yaml", diagnostics: diagnostics, startDate: testStart)
        guard let tree = trees.first else { return (SchedulerConfiguration(), diagnostics) }
        return (SchedulerConfigurationReader.read(tree, context: context), diagnostics)
    }
}

@Suite("Configurations of kube-scheduler as people have them are read")
struct SchedulerFileTests {
    @Test("an empty configuration is the default one")
    func defaults() {
        let (configuration, diagnostics) = SchedulerFile.read("")
        #expect(diagnostics.all == [])
        #expect(configuration.profiles.map(\.schedulerName) == ["default-scheduler"])
        #expect(configuration.podInitialBackoff == .seconds(1))
        #expect(configuration.podMaxBackoff == .seconds(10))
        #expect(configuration.percentageOfNodesToScore == 0)
        #expect(configuration.extenders == [])
    }

    @Test("what kubeadm and cloud providers write around the profiles is accepted, and listed as without influence")
    func component() {
        let (_, diagnostics) = SchedulerFile.read(
            """
            clientConnection: {kubeconfig: /etc/kubernetes/scheduler.conf, acceptContentTypes: "", contentType: x}
            leaderElection:
              leaderElect: true
              leaseDuration: 15s
              renewDeadline: 10s
              retryPeriod: 2s
              resourceLock: leases
              resourceName: kube-scheduler
              resourceNamespace: kube-system
            enableProfiling: true
            enableContentionProfiling: true
            metricsBindAddress: 0.0.0.0:10251
            parallelism: 16
            """)
        #expect(diagnostics.all(.error) == [])
        #expect(diagnostics.all(.warning) == [])
        let note = diagnostics.all(.note).first?.message ?? ""
        for name in ["clientConnection", "leaderElection", "enableProfiling", "metricsBindAddress", "parallelism"] {
            #expect(note.contains(name), "\(note)")
        }
    }

    @Test("back-off, percentages and several profiles are taken over")
    func profiles() throws {
        let (configuration, diagnostics) = SchedulerFile.read(
            """
            percentageOfNodesToScore: 40
            podInitialBackoffSeconds: 2
            podMaxBackoffSeconds: 60
            profiles:
              - schedulerName: default-scheduler
                percentageOfNodesToScore: 0
              - schedulerName: no-scoring
                plugins:
                  preScore: {disabled: [{name: "*"}]}
                  score: {disabled: [{name: "*"}]}
              - schedulerName: images-first
                plugins:
                  multiPoint:
                    enabled: [{name: ImageLocality, weight: 50}]
                    disabled: [{name: NodePorts}]
                  score:
                    enabled: [{name: NodeAffinity, weight: 7}]
            """)
        #expect(diagnostics.all == [])
        #expect(configuration.percentageOfNodesToScore == 40)
        #expect(configuration.podInitialBackoff == .seconds(2))
        #expect(configuration.podMaxBackoff == .minutes(1))
        #expect(configuration.profiles.map(\.schedulerName) == ["default-scheduler", "no-scoring", "images-first"])
        try #require(configuration.profiles.count == 3)
        #expect(configuration.profiles.map(\.percentageOfNodesToScore) == [0, nil, nil])
        #expect(configuration.profiles[1].enabled(at: .score) == [])
        #expect(configuration.profiles[1].enabled(at: .filter).count > 5)
        let scores = configuration.profiles[2].enabled(at: .score)
        #expect(scores.first == PluginSet.Entry("NodeAffinity", weight: 7))
        #expect(scores.contains(PluginSet.Entry("ImageLocality", weight: 50)))
        #expect(!configuration.profiles[2].enabled(at: .filter).map(\.name).contains("NodePorts"))
    }

    @Test("arguments are taken over, with the defaults for what they leave out")
    func arguments() throws {
        let (configuration, diagnostics) = SchedulerFile.read(
            """
            profiles:
              - pluginConfig:
                  - name: NodeResourcesFit
                    args:
                      apiVersion: kubescheduler.config.k8s.io/v1
                      kind: NodeResourcesFitArgs
                      ignoredResources: [example.com/license]
                      ignoredResourceGroups: [example.org]
                      scoringStrategy:
                        type: RequestedToCapacityRatio
                        resources: [{name: intel.com/foo, weight: 3}, {name: cpu}]
                        requestedToCapacityRatio:
                          shape: [{utilization: 0, score: 0}, {utilization: 100, score: 10}]
                  - name: NodeResourcesBalancedAllocation
                    args: {resources: [{name: cpu, weight: 1}, {name: nvidia.com/gpu}]}
                  - name: DefaultPreemption
                    args: {minCandidateNodesPercentage: 5}
                  - name: NodeAffinity
                    args:
                      addedAffinity:
                        requiredDuringSchedulingIgnoredDuringExecution:
                          nodeSelectorTerms:
                            - matchExpressions: [{key: pool, operator: In, values: [batch]}]
                  - name: PodTopologySpread
                    args:
                      defaultingType: List
                      defaultConstraints:
                        - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}
                  - name: InterPodAffinity
                    args: {hardPodAffinityWeight: 20, ignorePreferredTermsOfExistingPods: true}
            """)
        #expect(diagnostics.all == [])
        let arguments = try #require(configuration.profiles.first).arguments
        #expect(arguments.fit.ignoredResources == ["example.com/license"])
        #expect(arguments.fit.ignoredResourceGroups == ["example.org"])
        #expect(arguments.fit.resources == [ResourceWeight("intel.com/foo", weight: 3), ResourceWeight(.cpu)])
        #expect(
            arguments.fit.strategy
                == .requestedToCapacityRatio([
                    UtilizationPoint(utilization: 0, score: 0), UtilizationPoint(utilization: 100, score: 10),
                ]))
        #expect(arguments.balancedResources == [ResourceWeight(.cpu), ResourceWeight("nvidia.com/gpu")])
        #expect(arguments.preemption.minCandidateNodesPercentage == 5)
        #expect(arguments.preemption.minCandidateNodesAbsolute == 100)
        #expect(arguments.addedAffinity?.required?.terms.count == 1)
        #expect(arguments.topologySpread.defaultingType == .list)
        #expect(arguments.topologySpread.defaultConstraints.map(\.topologyKey) == ["topology.kubernetes.io/zone"])
        #expect(arguments.interPodAffinity.hardPodAffinityWeight == 20)
        #expect(arguments.interPodAffinity.ignoresPreferredTermsOfExistingPods)
    }

    @Test("extenders are read; the filter leaves their resources out, and those that may fail are asked last")
    func extenders() throws {
        let (configuration, diagnostics) = SchedulerFile.read(
            """
            extenders:
              - {urlPrefix: "http://127.0.0.1:9998/", filterVerb: filter, ignorable: true}
              - urlPrefix: https://127.0.0.1:9999/scheduler
                filterVerb: filter
                prioritizeVerb: prioritize
                bindVerb: bind
                preemptVerb: preempt
                weight: 5
                enableHTTPS: true
                httpTimeout: 30s
                nodeCacheCapable: true
                managedResources:
                  - {name: aliyun.com/gpu-mem, ignoredByScheduler: true}
            """)
        #expect(diagnostics.all == [])
        try #require(configuration.extenders.count == 2)
        let extender = configuration.extenders[0]
        #expect(extender.urlPrefix == "https://127.0.0.1:9999/scheduler")
        #expect(extender.weight == 5 && extender.enableHTTPS && extender.nodeCacheCapable && !extender.ignorable)
        #expect(extender.httpTimeout == .seconds(30))
        #expect(
            extender.managedResources
                == [ExtenderSettings.ManagedResource(name: "aliyun.com/gpu-mem", ignoredByScheduler: true)])
        #expect(configuration.extenders[1].urlPrefix == "http://127.0.0.1:9998")
        #expect(configuration.extenders[1].httpTimeout == .seconds(5))
        #expect(configuration.profiles[0].arguments.fit.ignoredResources == ["aliyun.com/gpu-mem"])
    }
}
