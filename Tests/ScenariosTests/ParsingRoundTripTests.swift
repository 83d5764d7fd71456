import Chronology
import KubernetesAPI
import Scenarios
import Testing

@Suite("Objects into text and back")
struct ParsingRoundTripTests {
    /// Without what nobody reads, such as commands: that is not written.
    static let template =
        """
        template:
            metadata: {labels: {app: a}, annotations: {x: "1"}, finalizers: [f/x]}
            spec:
              restartPolicy: %
              containers:
              - name: c
                image: r/i:1
                imagePullPolicy: Never
                ports: [{name: http, containerPort: 80, hostPort: 8080, hostIP: 1.2.3.4, protocol: UDP}]
                resources: {requests: {cpu: 250m, memory: 1.5Gi}, limits: {cpu: 1e3, nvidia.com/gpu: 1}}
                startupProbe: {failureThreshold: 30}
                readinessProbe: {periodSeconds: 5, initialDelaySeconds: 1, timeoutSeconds: 2, successThreshold: 2}
                livenessProbe: {terminationGracePeriodSeconds: 3}
                lifecycle: {postStart: {exec: {}}, preStop: {sleep: {seconds: 5}}}
              - {name: d, lifecycle: {preStop: {exec: {}}, postStart: {sleep: {seconds: 4}}}}
              - {name: e, restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42, 7]}}]}
              initContainers: [{name: s, image: s, restartPolicy: Always}]
              terminationGracePeriodSeconds: 0
              DEADLINE
              nodeSelector: {disk: ssd, "on": "yes"}
              affinity:
                nodeAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Gt, values: ["5"]}], matchFields: [{key: metadata.name, operator: In, values: [nn]}]}]
                  preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, preference: {matchExpressions: [{key: a, operator: Exists}]}}]
                podAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: z, labelSelector: {}}}]
                podAntiAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - {topologyKey: h, labelSelector: {matchExpressions: [{key: k, operator: NotIn, values: [a, b]}]}, namespaces: [x], namespaceSelector: {}, matchLabelKeys: [m], mismatchLabelKeys: [nn]}
              tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 300}, {operator: Exists}]
              topologySpreadConstraints: [{maxSkew: 2, topologyKey: z, whenUnsatisfiable: DoNotSchedule, minDomains: 3, labelSelector: {matchLabels: {app: a}}, nodeAffinityPolicy: Ignore, nodeTaintsPolicy: Honor, matchLabelKeys: [k]}]
              schedulerName: mine
              priorityClassName: high
              priority: -7
              preemptionPolicy: Never
              hostname: h
              os: {name: linux}
              overhead: {cpu: 10m}
              resources: {requests: {cpu: 1}, limits: {cpu: 2Ki}}
              volumes:
              - {name: a, persistentVolumeClaim: {claimName: x}}
              - {name: b, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ""}}}}
              - {name: c, hostPath: {}}
              - {name: d, emptyDir: {medium: Memory, sizeLimit: 1Gi}}
              - {name: e, gcePersistentDisk: {pdName: p, readOnly: true}}
              - {name: f, awsElasticBlockStore: {volumeID: v}}
              - {name: g, azureDisk: {diskName: d}}
              - {name: h, cinder: {volumeID: v}}
              - {name: i, rbd: {monitors: [m], image: i, pool: p}}
              - {name: j, iscsi: {iqn: q}}
              - {name: k, csi: {driver: d}}
              - {name: l, configMap: {}}
              - {name: m}
              schedulingGates: [{name: g}]
              readinessGates: [{conditionType: t}]
        """

    static func workload(_ version: String, _ kind: String, _ spec: String, status: String = "", policy: String = "Always") -> String {
        """
        apiVersion: \(version)
        kind: \(kind)
        metadata: {name: a, namespace: nn, uid: 00000000-0000-0000-0000-000000000009, generation: 3, annotations: {k: v}}
        spec:
          \(template.replacing("%", with: policy).replacing("DEADLINE", with: policy == "Always" ? "" : "activeDeadlineSeconds: 99"))
          \(spec)
        status: {\(status)}
        """
    }

    static let condition = "conditions: [{type: T, status: \"False\", reason: R, message: m, lastTransitionTime: \"2026-01-01T00:01:00Z\", lastUpdateTime: \"2026-01-01T00:02:00Z\"}]"

    static let manifests: [String] = [
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: nn, labels: {a: b}, deletionTimestamp: \"2026-01-01T00:00:00Z\", finalizers: [x]}",
        "apiVersion: v1\nkind: Node\nmetadata: {name: nn}\nspec: {unschedulable: true, providerID: p, taints: [{key: k, value: v, effect: NoExecute, timeAdded: \"2026-01-01T00:03:00Z\"}]}\nstatus: {capacity: {cpu: 4, memory: 16Gi}, allocatable: {cpu: 3920m}, images: [{names: [a, b], sizeBytes: 5}], \(condition)}",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, generateName: p-, deletionGracePeriodSeconds: 5, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: 00000000-0000-0000-0000-000000000005, controller: true}]}\nspec:\n  nodeName: nn\n  hostNetwork: true\n  containers: [{name: c, ports: [{containerPort: 80}]}]\nstatus: {phase: Failed, reason: Evicted, message: \"a: b\", startTime: \"2025-12-31T00:00:00.5Z\", nominatedNodeName: x, qosClass: Burstable, \(condition), containerStatuses: [{name: c, ready: true, started: true, restartCount: 3, state: {terminated: {exitCode: 137, reason: OOMKilled, startedAt: \"2026-01-01T00:00:01Z\", finishedAt: \"2026-01-01T00:00:02Z\"}}, lastState: {waiting: {reason: X}}}], initContainerStatuses: [{name: i, state: {running: {startedAt: \"2026-01-01T00:00:01Z\"}}}]}",
        workload(
            "apps/v1", "ReplicaSet", "selector: {matchLabels: {app: a}}\n  replicas: 0\n  minReadySeconds: 4",
            status: "replicas: 2, fullyLabeledReplicas: 1, readyReplicas: 1, availableReplicas: 1, terminatingReplicas: 0, observedGeneration: 3, \(condition)"),
        workload("v1", "ReplicationController", "replicas: 2\n  selector: {app: a}"),
        workload(
            "apps/v1", "Deployment",
            "selector: {matchLabels: {app: a}}\n  replicas: 5\n  paused: true\n  strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 10%}}\n  progressDeadlineSeconds: 2147483647\n  revisionHistoryLimit: 0",
            status: "replicas: 5, updatedReplicas: 4, readyReplicas: 3, availableReplicas: 2, unavailableReplicas: 3, collisionCount: 1, \(condition)"),
        workload("apps/v1", "Deployment", "selector: {matchLabels: {app: a}}\n  strategy: {type: Recreate}"),
        workload(
            "apps/v1", "StatefulSet",
            "selector: {matchLabels: {app: a}}\n  serviceName: s\n  podManagementPolicy: Parallel\n  updateStrategy: {rollingUpdate: {partition: 2, maxUnavailable: 1}}\n  ordinals: {start: 5}\n  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}\n  volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]",
            status: "replicas: 1, currentRevision: a, updateRevision: b, currentReplicas: 1, collisionCount: 0"),
        workload("apps/v1", "StatefulSet", "selector: {matchLabels: {app: a}}\n  updateStrategy: {type: OnDelete}"),
        workload(
            "apps/v1", "DaemonSet", "selector: {matchLabels: {app: a}}\n  updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 10%}}",
            status: "desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 1, numberAvailable: 1, numberUnavailable: 2, numberMisscheduled: 1, updatedNumberScheduled: 2"),
        workload(
            "batch/v1", "Job",
            "completions: 5\n  completionMode: Indexed\n  backoffLimitPerIndex: 1\n  maxFailedIndexes: 2\n  ttlSecondsAfterFinished: 9\n  suspend: true\n  activeDeadlineSeconds: 60\n  podReplacementPolicy: Failed\n  successPolicy: {rules: [{succeededIndexes: \"0-2\", succeededCount: 1}]}\n  podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {containerName: c, operator: NotIn, values: [1, 2]}}, {action: Ignore, onPodConditions: [{type: DisruptionTarget}]}]}",
            status:
                "active: 1, ready: 0, succeeded: 2, failed: 1, completedIndexes: \"0,2\", failedIndexes: \"1\", startTime: \"2026-01-01T00:00:00Z\", uncountedTerminatedPods: {succeeded: [00000000-0000-0000-0000-000000000001]}, \(condition)",
            policy: "Never"),
        // Restarts in place go together with a limit per index, and exports bring the selector that was generated.
        workload(
            "batch/v1", "Job",
            "completions: 5\n  completionMode: Indexed\n  backoffLimitPerIndex: 1\n  selector: {matchLabels: {batch.kubernetes.io/controller-uid: 00000000-0000-0000-0000-000000000009}}",
            policy: "OnFailure"),
        workload(
            "batch/v1", "Job",
            "manualSelector: true\n  selector: {matchLabels: {app: a}}\n  managedBy: example.com/queue\n  podFailurePolicy: {rules: []}",
            policy: "Never"),
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec: {schedule: \"*/5 * * * *\", timeZone: Etc/UTC, concurrencyPolicy: Forbid, startingDeadlineSeconds: 10, suspend: true, failedJobsHistoryLimit: 0, jobTemplate: {metadata: {labels: {a: b}}, spec: {parallelism: 2, template: {spec: {restartPolicy: OnFailure, containers: [{name: c, image: i}]}}}}}\nstatus: {lastScheduleTime: \"2026-01-01T00:05:00Z\", active: [{kind: Job, name: c-1}]}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer, selector: {a: b}}",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {clusterIP: None, publishNotReadyAddresses: true, allocateLoadBalancerNodePorts: false, ports: [{port: 80, targetPort: http, nodePort: 30080}, {name: b, protocol: UDP, port: 53}]}",
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s}\naddressType: IPv4\nports: [{name: b, protocol: UDP, port: 53}]\nendpoints: [{addresses: [1.1.1.1], nodeName: n1, zone: z1, conditions: {ready: false, serving: true, terminating: true}, targetRef: {kind: Pod, name: a}}]",
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {minAvailable: 50%, selector: {matchLabels: {a: b}}, unhealthyPodEvictionPolicy: AlwaysAllow}\nstatus: {expectedPods: 4, desiredHealthy: 2, currentHealthy: 3, disruptionsAllowed: 1, disruptedPods: {p: \"2026-01-01T00:00:00Z\"}, \(condition)}",
        "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: high}\nvalue: 1000\nglobalDefault: true\npreemptionPolicy: Never",
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteOnce, ReadOnlyMany], storageClassName: s, volumeMode: Block, persistentVolumeReclaimPolicy: Delete, claimRef: {namespace: nn, name: c, uid: 00000000-0000-0000-0000-000000000005}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In, values: [b]}]}]}}, csi: {driver: d, volumeHandle: h}}\nstatus: {phase: Bound}",
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {capacity: {storage: 10Gi}, accessModes: [ReadWriteMany], nfs: {server: s, path: /}}",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: [ReadWriteOncePod], resources: {requests: {storage: 5Gi}}, storageClassName: \"\", volumeName: v, selector: {matchLabels: {a: b}}}\nstatus: {phase: Pending}",
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: s}\nprovisioner: p\nvolumeBindingMode: WaitForFirstConsumer\nreclaimPolicy: Retain\nallowedTopologies: [{matchLabelExpressions: [{key: z, values: [a, b]}]}]",
        "apiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: {name: nn}\nspec: {drivers: [{name: d, nodeID: i, topologyKeys: [z], allocatable: {count: 25}}, {name: e, nodeID: i}]}",
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, minReplicas: 2, maxReplicas: 9, metrics: [{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 500Mi}}}, {type: ContainerResource, containerResource: {name: cpu, container: c, target: {type: Utilization, averageUtilization: 60}}}], behavior: {scaleDown: {stabilizationWindowSeconds: 60, selectPolicy: Disabled, policies: [{type: Percent, value: 10, periodSeconds: 60}]}}}",
        "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {kind: Deployment, name: d}, maxReplicas: 9, targetCPUUtilizationPercentage: 70}",
        "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: v}\nspec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, updatePolicy: {updateMode: Initial, minReplicas: 3, evictionRequirements: [{resources: [cpu, memory], changeRequirement: TargetHigherThanRequests}]}, resourcePolicy: {containerPolicies: [{containerName: \"*\", minAllowed: {cpu: 50m}, maxAllowed: {memory: 2Gi}, controlledResources: [memory], controlledValues: RequestsOnly}, {containerName: side, mode: \"Off\"}]}}\nstatus: {recommendation: {containerRecommendations: [{containerName: c, target: {cpu: 25m}, lowerBound: {cpu: 20m}, upperBound: {cpu: 1}, uncappedTarget: {cpu: 25m}}]}, conditions: [{type: RecommendationProvided, status: \"True\", lastTransitionTime: \"2026-01-05T00:00:00Z\"}]}",
        "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: v}\nspec: {targetRef: {kind: CronJob, name: j}}",
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {pods: 5, requests.cpu: 4}, scopes: [BestEffort]}\nstatus: {hard: {pods: 5}, used: {pods: 2}}",
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l}\nspec: {limits: [{type: Container, max: {cpu: 2}, min: {memory: 1Mi}}, {type: Pod, maxLimitRequestRatio: {cpu: 4}}]}",
        "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: r}\nrevision: 4\ndata: {spec: {template: {$patch: replace, metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}",
        "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: l}\nspec: {holderIdentity: n, renewTime: \"2026-01-01T00:00:10.123456Z\"}",
        "apiVersion: v1\nkind: Endpoints\nmetadata: {name: e}\nsubsets: [{addresses: [{ip: 1.1.1.1, targetRef: {kind: Pod, name: a}}], notReadyAddresses: [{ip: 1.1.1.2}]}]",
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: nn}",
    ]

    @Test("every kind is read back as it was written", arguments: manifests.indices)
    func roundTrip(index: Int) throws {
        let original = try read(Self.manifests[index])
        let tree = original.encoded(startDate: testStart)
        #expect(try read(TreePrinter.yaml(tree)) == original)
        #expect(try read(TreePrinter.json(tree)) == original)
        // Writing what was read again must change nothing either.
        #expect(try read(TreePrinter.yaml(tree)).encoded(startDate: testStart) == tree)
    }

    /// Reads one object without the checks of a manifest: what nobody reads, such as a probe's command, is not written.
    private func read(_ text: String) throws -> KubernetesObject {
        let diagnostics = Diagnostics()
        let trees = ManifestParser.parse(Array(text.utf8), file: "test.yaml", diagnostics: diagnostics)
        let context = DecodingContext(file: "test.yaml", diagnostics: diagnostics, startDate: testStart)
        let object = KubernetesObject.decode(try #require(trees.first), context: context)
        #expect(diagnostics.all(.error).map(\.description) == [])
        return try #require(object)
    }

    @Test("every kind has a manifest above")
    func complete() {
        let kinds = Set(Self.manifests.compactMap { load($0).objects.first?.object.kind })
        #expect(ObjectKind.allCases.filter { !kinds.contains($0) } == [])
    }
}
