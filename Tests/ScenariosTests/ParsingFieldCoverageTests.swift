import KubernetesAPI
import Scenarios
import Testing

// The field names of Kubernetes v1.36.3, as facts; "@" marks where they go.

@Suite("Every field of Kubernetes v1.36 is known")
struct ParsingFieldCoverageTests {
    static let types: [(name: String, manifest: String, fields: String)] = [
        (
            "core/v1.PodSpec",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {@}",
            "volumes initContainers containers ephemeralContainers restartPolicy "
                + "terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector "
                + "serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork "
                + "hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain "
                + "affinity schedulerName tolerations hostAliases priorityClassName priority dnsConfig "
                + "readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead "
                + "topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims "
                + "resources hostnameOverride schedulingGroup"
        ),
        (
            "core/v1.Container",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{@}]}",
            "name image command args workingDir ports envFrom env resources resizePolicy restartPolicy "
                + "restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe "
                + "lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext "
                + "stdin stdinOnce tty"
        ),
        (
            "core/v1.ContainerPort",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{ports: [{@}]}]}",
            "name hostPort containerPort protocol hostIP"
        ),
        (
            "core/v1.Probe",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{livenessProbe: {@}}]}",
            "initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold "
                + "terminationGracePeriodSeconds"
        ),
        (
            "core/v1.ProbeHandler",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{livenessProbe: {@}}]}",
            "exec httpGet tcpSocket grpc"
        ),
        (
            "core/v1.Lifecycle",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{lifecycle: {@}}]}",
            "postStart preStop stopSignal"
        ),
        (
            "core/v1.LifecycleHandler",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{lifecycle: {preStop: {@}}}]}",
            "exec httpGet tcpSocket sleep"
        ),
        (
            "core/v1.ResourceRequirements",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{resources: {@}}]}",
            "limits requests claims"
        ),
        (
            "core/v1.VolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{@}]}",
            "hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi "
                + "glusterfs persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc "
                + "azureFile configMap vsphereVolume quobyte azureDisk photonPersistentDisk projected "
                + "portworxVolume scaleIO storageos csi ephemeral image"
        ),
        (
            "core/v1.PodStatus",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {@}",
            "observedGeneration phase conditions message reason nominatedNodeName hostIP hostIPs podIP "
                + "podIPs startTime initContainerStatuses containerStatuses qosClass "
                + "ephemeralContainerStatuses resize resourceClaimStatuses extendedResourceClaimStatus "
                + "allocatedResources resources nodeAllocatableResourceClaimStatuses"
        ),
        (
            "core/v1.ContainerStatus",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {containerStatuses: [{@}]}",
            "name state lastState ready restartCount image imageID containerID started "
                + "allocatedResources resources volumeMounts user allocatedResourcesStatus stopSignal"
        ),
        (
            "core/v1.ContainerStateTerminated",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {containerStatuses: [{state: {terminated: {@}}}]}",
            "exitCode signal reason message startedAt finishedAt containerID"
        ),
        (
            "core/v1.PodCondition",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {conditions: [{@}]}",
            "type observedGeneration status lastProbeTime lastTransitionTime reason message"
        ),
        (
            "core/v1.NodeCondition",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {conditions: [{@}]}",
            "type status lastHeartbeatTime lastTransitionTime reason message"
        ),
        (
            "core/v1.PodAffinityTerm",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{@}]}}}",
            "labelSelector namespaces topologyKey namespaceSelector matchLabelKeys mismatchLabelKeys"
        ),
        (
            "core/v1.TopologySpreadConstraint",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {topologySpreadConstraints: [{@}]}",
            "maxSkew topologyKey whenUnsatisfiable labelSelector minDomains nodeAffinityPolicy "
                + "nodeTaintsPolicy matchLabelKeys"
        ),
        (
            "core/v1.Toleration",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {tolerations: [{@}]}",
            "key operator value effect tolerationSeconds"
        ),
        (
            "core/v1.PersistentVolumeSpec",
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\nspec: {@}",
            "capacity accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions "
                + "volumeMode nodeAffinity volumeAttributesClassName"
        ),
        (
            "core/v1.PersistentVolumeSource",
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\nspec: {@}",
            "gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd iscsi cinder cephfs fc "
                + "flocker flexVolume azureFile vsphereVolume quobyte azureDisk photonPersistentDisk "
                + "portworxVolume scaleIO local storageos csi"
        ),
        (
            "core/v1.PersistentVolumeStatus",
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\nstatus: {@}",
            "phase message reason lastPhaseTransitionTime"
        ),
        (
            "core/v1.PersistentVolumeClaimSpec",
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {@}",
            "accessModes selector resources volumeName storageClassName volumeMode dataSource "
                + "dataSourceRef volumeAttributesClassName"
        ),
        (
            "core/v1.PersistentVolumeClaimStatus",
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nstatus: {@}",
            "phase accessModes capacity conditions allocatedResources allocatedResourceStatuses "
                + "currentVolumeAttributesClassName modifyVolumeStatus"
        ),
        (
            "core/v1.NodeSpec",
            "apiVersion: v1\nkind: Node\nmetadata: {name: a}\nspec: {@}",
            "podCIDR podCIDRs providerID unschedulable taints configSource externalID"
        ),
        (
            "core/v1.NodeStatus",
            "apiVersion: v1\nkind: Node\nmetadata: {name: a}\nstatus: {@}",
            "capacity allocatable phase conditions addresses daemonEndpoints nodeInfo images "
                + "volumesInUse volumesAttached config runtimeHandlers features declaredFeatures"
        ),
        (
            "core/v1.Taint",
            "apiVersion: v1\nkind: Node\nmetadata: {name: a}\nspec: {taints: [{@}]}",
            "key value effect timeAdded"
        ),
        (
            "core/v1.ServiceSpec",
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {@}",
            "ports selector clusterIP clusterIPs type externalIPs sessionAffinity loadBalancerIP "
                + "loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort "
                + "publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy "
                + "allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy trafficDistribution"
        ),
        (
            "core/v1.ServicePort",
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{@}]}",
            "name protocol appProtocol port targetPort nodePort"
        ),
        (
            "discovery/v1.EndpointSlice",
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\n@",
            "addressType endpoints ports"
        ),
        (
            "discovery/v1.Endpoint",
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\nendpoints: [{@}]",
            "addresses conditions hostname targetRef deprecatedTopology nodeName zone hints"
        ),
        (
            "discovery/v1.EndpointConditions",
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\nendpoints: [{conditions: {@}}]",
            "ready serving terminating"
        ),
        (
            "discovery/v1.EndpointPort",
            "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a}\nports: [{@}]",
            "name protocol port appProtocol"
        ),
        (
            "core/v1.ResourceQuotaSpec",
            "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: a}\nspec: {@}",
            "hard scopes scopeSelector"
        ),
        (
            "core/v1.ResourceQuotaStatus",
            "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: a}\nstatus: {@}",
            "hard used"
        ),
        (
            "core/v1.LimitRangeItem",
            "apiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\nspec: {limits: [{@}]}",
            "type max min default defaultRequest maxLimitRequestRatio"
        ),
        (
            "core/v1.ReplicationControllerSpec",
            "apiVersion: v1\nkind: ReplicationController\nmetadata: {name: a}\nspec: {@}",
            "replicas minReadySeconds selector template"
        ),
        (
            "core/v1.ReplicationControllerStatus",
            "apiVersion: v1\nkind: ReplicationController\nmetadata: {name: a}\nstatus: {@}",
            "replicas fullyLabeledReplicas readyReplicas availableReplicas observedGeneration "
                + "conditions"
        ),
        (
            "core/v1.EndpointAddress",
            "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\nsubsets: [{addresses: [{@}]}]",
            "ip hostname nodeName targetRef"
        ),
        (
            "core/v1.ObjectReference",
            "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\nsubsets: [{addresses: [{targetRef: {@}}]}]",
            "kind namespace name uid apiVersion resourceVersion fieldPath"
        ),
        (
            "core/v1.HostPathVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, hostPath: {@}}]}",
            "path type"
        ),
        (
            "core/v1.EmptyDirVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, emptyDir: {@}}]}",
            "medium sizeLimit"
        ),
        (
            "core/v1.RBDVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, rbd: {@}}]}",
            "monitors image fsType pool user keyring secretRef readOnly"
        ),
        (
            "core/v1.CinderVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, cinder: {@}}]}",
            "volumeID fsType readOnly secretRef"
        ),
        (
            "core/v1.GCEPersistentDiskVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, gcePersistentDisk: {@}}]}",
            "pdName fsType partition readOnly"
        ),
        (
            "core/v1.AWSElasticBlockStoreVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, awsElasticBlockStore: {@}}]}",
            "volumeID fsType partition readOnly"
        ),
        (
            "core/v1.ISCSIVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, iscsi: {@}}]}",
            "targetPortal iqn lun iscsiInterface fsType readOnly portals chapAuthDiscovery "
                + "chapAuthSession secretRef initiatorName"
        ),
        (
            "core/v1.AzureDiskVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, azureDisk: {@}}]}",
            "diskName diskURI cachingMode fsType readOnly kind"
        ),
        (
            "core/v1.CSIVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, csi: {@}}]}",
            "driver readOnly fsType volumeAttributes nodePublishSecretRef"
        ),
        (
            "core/v1.CSIPersistentVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, csi: {@}}]}",
            "driver volumeHandle readOnly fsType volumeAttributes controllerPublishSecretRef "
                + "nodeStageSecretRef nodePublishSecretRef controllerExpandSecretRef nodeExpandSecretRef"
        ),
        (
            "core/v1.EphemeralVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, ephemeral: {@}}]}",
            "volumeClaimTemplate"
        ),
        (
            "core/v1.PersistentVolumeClaimVolumeSource",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, persistentVolumeClaim: {@}}]}",
            "claimName readOnly"
        ),
        (
            "core/v1.PersistentVolumeClaimTemplate",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, ephemeral: {volumeClaimTemplate: {@}}}]}",
            "metadata spec"
        ),
        (
            "apps/v1.DeploymentSpec",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {@}",
            "replicas selector template strategy minReadySeconds revisionHistoryLimit paused "
                + "progressDeadlineSeconds"
        ),
        (
            "apps/v1.DeploymentStatus",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nstatus: {@}",
            "observedGeneration replicas updatedReplicas readyReplicas availableReplicas "
                + "unavailableReplicas terminatingReplicas conditions collisionCount"
        ),
        (
            "apps/v1.ReplicaSetSpec",
            "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: a}\nspec: {@}",
            "replicas minReadySeconds selector template"
        ),
        (
            "apps/v1.ReplicaSetStatus",
            "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: a}\nstatus: {@}",
            "replicas fullyLabeledReplicas readyReplicas availableReplicas terminatingReplicas "
                + "observedGeneration conditions"
        ),
        (
            "apps/v1.StatefulSetSpec",
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {@}",
            "replicas selector template volumeClaimTemplates serviceName podManagementPolicy "
                + "updateStrategy revisionHistoryLimit minReadySeconds persistentVolumeClaimRetentionPolicy "
                + "ordinals"
        ),
        (
            "apps/v1.StatefulSetStatus",
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nstatus: {@}",
            "observedGeneration replicas readyReplicas currentReplicas updatedReplicas currentRevision "
                + "updateRevision collisionCount conditions availableReplicas"
        ),
        (
            "apps/v1.DaemonSetSpec",
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {@}",
            "selector template updateStrategy minReadySeconds revisionHistoryLimit"
        ),
        (
            "apps/v1.DaemonSetStatus",
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nstatus: {@}",
            "currentNumberScheduled numberMisscheduled desiredNumberScheduled numberReady "
                + "observedGeneration updatedNumberScheduled numberAvailable numberUnavailable collisionCount "
                + "conditions"
        ),
        (
            "apps/v1.DeploymentCondition",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nstatus: {conditions: [{@}]}",
            "type status lastUpdateTime lastTransitionTime reason message"
        ),
        (
            "apps/v1.RollingUpdateStatefulSetStrategy",
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {updateStrategy: {rollingUpdate: {@}}}",
            "partition maxUnavailable"
        ),
        (
            "apps/v1.ControllerRevision",
            "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: a}\n@",
            "metadata data revision"
        ),
        (
            "batch/v1.JobSpec",
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {@}",
            "parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit "
                + "backoffLimitPerIndex maxFailedIndexes selector manualSelector template "
                + "ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy"
        ),
        (
            "batch/v1.JobStatus",
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nstatus: {@}",
            "conditions startTime completionTime active succeeded failed terminating completedIndexes "
                + "failedIndexes uncountedTerminatedPods ready"
        ),
        (
            "batch/v1.JobCondition",
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nstatus: {conditions: [{@}]}",
            "type status lastProbeTime lastTransitionTime reason message"
        ),
        (
            "batch/v1.PodFailurePolicyRule",
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {podFailurePolicy: {rules: [{@}]}}",
            "action onExitCodes onPodConditions"
        ),
        (
            "batch/v1.CronJobSpec",
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {@}",
            "schedule timeZone startingDeadlineSeconds concurrencyPolicy suspend jobTemplate "
                + "successfulJobsHistoryLimit failedJobsHistoryLimit"
        ),
        (
            "batch/v1.CronJobStatus",
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nstatus: {@}",
            "active lastScheduleTime lastSuccessfulTime"
        ),
        (
            "policy/v1.PodDisruptionBudgetSpec",
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {@}",
            "minAvailable selector maxUnavailable unhealthyPodEvictionPolicy"
        ),
        (
            "policy/v1.PodDisruptionBudgetStatus",
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nstatus: {@}",
            "observedGeneration disruptedPods disruptionsAllowed currentHealthy desiredHealthy "
                + "expectedPods conditions"
        ),
        (
            "storage/v1.StorageClass",
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\n@",
            "metadata provisioner parameters reclaimPolicy mountOptions allowVolumeExpansion "
                + "volumeBindingMode allowedTopologies"
        ),
        (
            "storage/v1.CSINodeDriver",
            "apiVersion: storage.k8s.io/v1\nkind: CSINode\nmetadata: {name: a}\nspec: {drivers: [{@}]}",
            "name nodeID topologyKeys allocatable"
        ),
        (
            "scheduling/v1.PriorityClass",
            "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: a}\n@",
            "metadata value globalDefault description preemptionPolicy"
        ),
        (
            "coordination/v1.LeaseSpec",
            "apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: a}\nspec: {@}",
            "holderIdentity leaseDurationSeconds acquireTime renewTime leaseTransitions strategy "
                + "preferredHolder"
        ),
        (
            "autoscaling/v1.HorizontalPodAutoscalerSpec",
            "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {@}",
            "scaleTargetRef minReplicas maxReplicas targetCPUUtilizationPercentage"
        ),
        (
            "autoscaling/v2.HorizontalPodAutoscalerSpec",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {@}",
            "scaleTargetRef minReplicas maxReplicas metrics behavior"
        ),
        (
            "autoscaling/v2.HPAScalingRules",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {behavior: {scaleUp: {@}}}",
            "stabilizationWindowSeconds selectPolicy policies tolerance"
        ),
        (
            "autoscaling/v2.ResourceMetricSource",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {metrics: [{type: Resource, resource: {@}}]}",
            "name target"
        ),
        (
            "autoscaling/v2.ContainerResourceMetricSource",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {metrics: [{type: ContainerResource, containerResource: {@}}]}",
            "name target container"
        ),
        (
            "autoscaling/v2.PodsMetricSource",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {metrics: [{type: Pods, pods: {@}}]}",
            "metric target"
        ),
        (
            "autoscaling/v2.ObjectMetricSource",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {metrics: [{type: Object, object: {@}}]}",
            "describedObject target metric"
        ),
        (
            "autoscaling/v2.ExternalMetricSource",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {metrics: [{type: External, external: {@}}]}",
            "metric target"
        ),
        (
            "autoscaling.k8s.io/v1.VerticalPodAutoscalerSpec",
            "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: a}\nspec: {@}",
            "targetRef updatePolicy resourcePolicy recommenders"
        ),
        (
            "autoscaling.k8s.io/v1.PodUpdatePolicy",
            "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: a}\nspec: {updatePolicy: {@}}",
            "updateMode minReplicas evictionRequirements"
        ),
        (
            "autoscaling.k8s.io/v1.ContainerResourcePolicy",
            "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: a}\nspec: {resourcePolicy: {containerPolicies: [{@}]}}",
            "containerName mode minAllowed maxAllowed controlledResources controlledValues"
        ),
    ]

    @Test("no field is unknown", arguments: types.indices)
    func known(index: Int) {
        let (name, manifest, fields) = Self.types[index]
        for field in fields.split(separator: " ") {
            let isFlow = !manifest.hasSuffix("\n@")
            let text = manifest.replacing("@", with: isFlow ? "\(field): null" : "\(field): null\n")
            let unknown = errors(in: text).filter { $0.contains("unknown field") || $0.contains("while parsing") }
            #expect(unknown == [], "\(name).\(field)")
        }
    }

    @Test("a name that Kubernetes does not have is unknown", arguments: types.indices)
    func unknown(index: Int) {
        let text = Self.types[index].manifest.replacing("@", with: "noSuchField: null")
        #expect(errors(in: text).contains { $0.contains("noSuchField: unknown field") }, "\(Self.types[index].name)")
    }
}
