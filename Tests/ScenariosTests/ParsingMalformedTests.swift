import KubernetesAPI
import Scenarios
import Testing

@Suite("Malformed input")
struct ParsingMalformedTests {
    static func pod(_ spec: String, meta: String = "name: p") -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {\(meta)}\nspec:\n  containers: [{name: c, image: i\(spec)}]\n"
    }

    static func podSpec(_ lines: String) -> String { pod("") + "  " + lines + "\n" }

    static func vertical(_ spec: String, target: String = "targetRef: {kind: Deployment, name: d}, ") -> String {
        "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: v}\nspec: {\(target)\(spec)}"
    }

    static func set(_ spec: String) -> String { deployment(spec).replacing("Deployment", with: "StatefulSet") }

    static func daemonSet(_ spec: String) -> String { deployment(spec).replacing("Deployment", with: "DaemonSet") }

    static func deployment(_ spec: String, labels: String = "app: a", selector: String = "matchLabels: {app: a}") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: d}
        spec:
          selector: {\(selector)}
          template: {metadata: {labels: {\(labels)}}, spec: {containers: [{name: c, image: i}]}}
          \(spec)
        """
    }

    static func job(_ spec: String, name: String = "j", restart: String = "Never") -> String {
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: \(name)}\nspec: {\(spec), template: {metadata: {labels: {app: j}}, "
            + "spec: {restartPolicy: \(restart), containers: [{name: c, image: i}]}}}"
    }

    static func indexed(_ spec: String, completions: Int = 5) -> String {
        job("completionMode: Indexed, completions: \(completions), \(spec)")
    }

    static func quota(_ spec: String) -> String {
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {\(spec)}"
    }

    static func limits(_ item: String) -> String {
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l}\nspec: {limits: [{\(item)}]}"
    }

    static func autoscaler(_ spec: String) -> String {
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\n"
            + "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}, maxReplicas: 2, \(spec)}"
    }

    static func service(_ spec: String) -> String {
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {\(spec)}"
    }

    static func exitCodes(_ rule: String) -> String {
        job("podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {\(rule)}}]}")
    }

    static let texts: [(name: String, text: String, message: String)] = [
        ("an unclosed flow mapping", "a: {b: 1", "test.yaml:"),
        ("a tab as indentation", "a:\n\tb: 1", "indent with spaces, not with a tab"),
        ("a wrong indentation", "a: 1\n b: 2", "mapping values are not allowed"),
        ("an unclosed quote", "a: \"b", "unexpected end"),
        ("an unknown alias", "a: *b", "no anchor &b"),
        ("an alias inside its own value", "a: &a {b: *a}", "inside the value it names"),
        ("a duplicate key in YAML", "a: 1\nb: 2\na: 3", "3:1: error: the key \"a\" stands twice"),
        ("a duplicate key in JSON", "{\"a\":1,\"a\":2}", "1:8: error: the key \"a\" stands twice"),
        ("a merge of a number", "a: {<<: 5}", "a merge key names the number 5"),
        ("a list as a key", "? [1]\n: 2", "a key of a mapping is a list"),
        ("an unknown tag", "a: !foo bar", "does not fit its tag"),
        ("a wrong tag", "a: !!int x", "does not fit its tag"),
        ("a control character", "a: \u{1}b", "control characters"),
        ("truncated JSON", "{\"a\": [1, 2", "the text ends here"),
        ("a missing comma in JSON", "{\"a\": 1 \"b\": 2}", "expected \",\" or \"}\""),
        ("a trailing comma in JSON", "{\"a\": 1,}", "expected a key in quotes"),
        ("a bare key in JSON", "{a: 1}", "expected a key in quotes"),
        ("a leading zero in JSON", "[01]", "superfluous 0"),
        ("a lone minus in JSON", "[-]", "expected a digit"),
        ("a wrong word in JSON", "[nul]", "expected a value"),
        ("a line break in a JSON text", "[\"a\nb\"]", "control character"),
        ("a wrong escape in JSON", "[\"\\x\"]", "unknown escape"),
        ("text after JSON", "{} x", "expected a value"),
        ("a scalar document", "hello", "expected a mapping"),
        ("no kind", "apiVersion: v1\nmetadata: {name: a}", "kind: a value is required"),
        ("no apiVersion", "kind: Pod\nmetadata: {name: a}", "apiVersion: a value is required"),
        ("an old version", "apiVersion: extensions/v1beta1\nkind: Deployment", "expected apps/v1"),
        ("no name", "apiVersion: v1\nkind: Namespace", "the object has no name"),
        ("an unknown field", pod(", imagee: x"), "spec.containers[0].imagee: unknown field (did you mean \"image\"?)"),
        (
            "restart rules without a policy", pod(", restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]"),
            "spec.containers[0].restartPolicy: a value is required where there are restartPolicyRules"
        ),
        (
            "a restart rule without exit codes", pod(", restartPolicy: Never, restartPolicyRules: [{action: Restart}]"),
            "restartPolicyRules[0].exitCodes: a value is required"
        ),
        ("a restart rule with another action", pod(", restartPolicy: Never, restartPolicyRules: [{action: Stop, exitCodes: {operator: In, values: [1]}}]"), "expected one of Restart, RestartAllContainers"),
        ("a sleep of a hook that is no number", pod(", lifecycle: {postStart: {sleep: {seconds: long}}}"), "lifecycle.postStart.sleep.seconds: found the text \"long\""),
        ("an unknown top-level field", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspecc: {}\nspec: {containers: [{name: c, image: i}]}", "specc: unknown field (did you mean \"spec\"?)"),
        ("a number for a text", pod("", meta: "name: 5"), "metadata.name: found the number 5 (expected a text; put it in quotes"),
        ("a truth value as a label", pod("", meta: "name: p, labels: {a: yes}"), "metadata.labels.a: found true"),
        ("a text for a number", deployment("replicas: \"3\""), "spec.replicas: found the text \"3\" (expected a whole number of at least 0)"),
        ("a negative count", deployment("replicas: -1"), "spec.replicas: found the number -1"),
        ("a huge count", deployment("replicas: 99999999999"), "spec.replicas"),
        ("a fraction for a count", deployment("replicas: 1.5"), "spec.replicas: found the number 1.5"),
        ("a bad quantity", pod(", resources: {requests: {cpu: 1Kib}}"), "spec.containers[0].resources.requests.cpu: found the text \"1Kib\""),
        ("a negative quantity", pod(", resources: {requests: {cpu: -1}}"), "must not be negative"),
        ("a request above its limit", pod(", resources: {requests: {cpu: 2}, limits: {cpu: 1}}"), "the request 2 is above the limit 1"),
        ("half a device", pod(", resources: {limits: {nvidia.com/gpu: 500m}}"), "extended resource"),
        ("a device without a limit", pod(", resources: {requests: {nvidia.com/gpu: 1}}"), "resources.limits: the limit of nvidia.com/gpu is missing"),
        ("a resource in the plural", pod(", resources: {requests: {cpus: 1}}"), "requests.cpus: \"cpus\" is no resource of containers (did you mean \"cpu\"?)"),
        ("a resource in short", pod(", resources: {limits: {mem: 1Gi}}"), "(did you mean \"memory\"?)"),
        ("a resource of quotas", pod(", resources: {limits: {pods: 1}}"), "\"pods\" is no resource of containers"),
        ("huge pages alone", pod(", resources: {limits: {hugepages-2Mi: 2Mi}}"), "huge pages need a request or a limit of cpu or memory"),
        ("part of a huge page", pod(", resources: {limits: {cpu: 1, hugepages-2Mi: 3Mi}}"), "3Mi is no multiple of the size of a page"),
        (
            "a pod that asks for less than its containers", pod(", resources: {requests: {cpu: 1}}") + "  resources: {requests: {cpu: 100m}}",
            "spec.resources.requests.cpu: 100m is less than the containers ask for together: 1"
        ),
        (
            "a container that may use more than its pod", pod(", resources: {limits: {cpu: 2}}") + "  resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}",
            "spec.resources.limits.cpu: 1500m is less than the container c may use alone: 2"
        ),
        ("a device of a whole pod", podSpec("resources: {limits: {nvidia.com/gpu: 1}}"), "\"nvidia.com/gpu\" is no resource of a pod as a whole"),
        ("a container without an image", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c}]}", "spec.containers[0].image: a value is required"),
        ("a mount of nothing", pod(", volumeMounts: [{name: dta, mountPath: /d}]") + "  volumes: [{name: data, emptyDir: {}}]", "the pod has no volume \"dta\" (did you mean \"data\"?)"),
        (
            "two mounts at one place", pod(", volumeMounts: [{name: a, mountPath: /d}, {name: a, mountPath: /d}]") + "  volumes: [{name: a, emptyDir: {}}]",
            "volumeMounts[1].mountPath: /d is taken by another volume"
        ),
        ("a number in the environment", pod(", env: [{name: A, value: 1}]"), "env[0].value: found the number 1 (expected a text; put it in quotes)"),
        ("an environment that is no list", pod(", env: {A: b}"), "containers[0].env: found a mapping (expected a list)"),
        ("mounts that are no list", pod(", volumeMounts: {name: a, mountPath: /d}"), "containers[0].volumeMounts: found a mapping (expected a list)"),
        ("sources of an environment that are no list", pod(", envFrom: foo"), "containers[0].envFrom: found the text \"foo\" (expected a list)"),
        ("a misspelt value of a variable", pod(", env: [{name: A, vaule: x}]"), "env[0].vaule: unknown field (did you mean \"value\"?)"),
        ("a variable that assigns", pod(", env: [{name: \"a=b\", value: x}]"), "env[0].name: not a valid name of a variable"),
        ("a number in a command", pod(", command: [sleep, 60]"), "command[1]: found the number 60"),
        ("a probe of two kinds", pod(", livenessProbe: {exec: {command: [a]}, tcpSocket: {port: 1}}"), "livenessProbe: says exec and tcpSocket"),
        ("a probe of nothing", pod(", readinessProbe: {periodSeconds: 5}"), "readinessProbe: says nothing to do"),
        ("a probe without a port", pod(", livenessProbe: {httpGet: {path: /}}"), "livenessProbe.httpGet.port: found nothing"),
        ("a sleep longer than the grace period", pod(", lifecycle: {preStop: {sleep: {seconds: 31}}}"), "31 seconds are longer than the pod is given to end"),
        ("a hook of an init container", podSpec("initContainers: [{name: i, image: i, lifecycle: {preStop: {exec: {command: [a]}}}}]"), "lifecycle: not allowed for an init container"),
        ("a service without ports", service("selector: {a: b}"), "spec.ports: at least one port is required"),
        ("ports without names", service("ports: [{port: 80}, {port: 81, name: b}]"), "ports[0].name: a value is required where there are several ports"),
        ("ports of one name", service("ports: [{port: 80, name: b}, {port: 81, name: b}]"), "ports[1].name: the name \"b\" is given twice"),
        ("ports of one number", service("ports: [{port: 80, name: a}, {port: 80, name: b}]"), "ports[1].port: the port 80 (TCP) is given twice"),
        ("a port of the nodes nowhere", service("ports: [{port: 80, nodePort: 30000}]"), "ports[0].nodePort: not allowed for a service of the type ClusterIP"),
        (
            "one port of the nodes twice", service("type: NodePort, ports: [{port: 80, name: a, nodePort: 30000}, {port: 81, name: b, nodePort: 30000}]"),
            "ports[1].nodePort: the port 30000 of the nodes (TCP) is given twice"
        ),
        ("a name elsewhere that is missing", service("type: ExternalName"), "spec.externalName: a value is required"),
        ("a quota of nothing", quota("hard: {request.cpu: 1}"), "is nothing that a quota bounds (did you mean \"requests.cpu\"?)"),
        ("a scope of nothing", quota("hard: {pods: 1}, scopes: [BestEfort]"), "is no scope of quotas (did you mean \"BestEffort\"?)"),
        ("a scope of other things", quota("hard: {services: 1}, scopes: [Terminating]"), "the scope Terminating says nothing of services"),
        ("scopes that exclude each other", quota("hard: {pods: 1}, scopes: [BestEffort, NotBestEffort]"), "no pod is in both scopes"),
        (
            "a scope that is compared", quota("hard: {pods: 1}, scopeSelector: {matchExpressions: [{scopeName: Terminating, operator: In, values: [a]}]}"),
            "the scope Terminating has no values to compare (expected Exists)"
        ),
        ("a limit of nothing", limits("type: Pods, max: {cpu: 1}"), "did you mean \"Pod\"?"),
        ("a default above the bound", limits("type: Container, max: {cpu: 1}, default: {cpu: 2}"), "default.cpu: default 2 is above max 1"),
        ("a default of pods", limits("type: Pod, default: {cpu: 2}"), "default: not allowed for the type Pod"),
        ("a ratio below 1", limits("type: Container, maxLimitRequestRatio: {cpu: 500m}"), "a ratio below 1 allows nothing"),
        ("a ratio that the bounds exclude", limits("type: Container, min: {cpu: 1}, max: {cpu: 2}, maxLimitRequestRatio: {cpu: 3}"), "3 is more than max 2 and min 1 leave between them"),
        ("a bound on claims of nothing", limits("type: PersistentVolumeClaim, max: {cpu: 1}"), "nothing is bounded"),
        ("a share without a number", autoscaler("metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, value: 50}}}]"), "resource.target: nothing to aim at"),
        ("two targets", autoscaler("metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 5, averageValue: 1}}}]"), "averageValue: not allowed together"),
        ("a target of nothing", autoscaler("metrics: [{type: Pods, pods: {metric: {name: m}, target: {type: AverageValue, averageValue: 0}}}]"), "averageValue: must be greater than 0"),
        ("a metric of pods by value", autoscaler("metrics: [{type: Pods, pods: {metric: {name: m}, target: {type: Value, value: 5}}}]"), "pods.target.averageValue: a value is required"),
        ("no policies", autoscaler("behavior: {scaleUp: {policies: []}}"), "scaleUp.policies: at least one policy is required"),
        ("a negative tolerance", autoscaler("behavior: {scaleUp: {tolerance: -1}}"), "scaleUp.tolerance: must not be negative"),
        (
            "a volume of nothing", "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}}",
            "spec: the volume has no source"
        ),
        (
            "a local volume anywhere", "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, local: {path: /d}}",
            "spec.nodeAffinity: required for a local volume"
        ),
        (
            "two default classes", ["a", "b"].map { "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: \($0)}\nvalue: 1\nglobalDefault: true\n" }.joined(separator: "---\n"),
            "globalDefault: the PriorityClass a is the default already"
        ),
        ("a wrong word", pod(", imagePullPolicy: Allways"), "did you mean \"Always\"?"),
        ("a port out of range", pod(", ports: [{containerPort: 70000}]"), "expected a whole number from 1 to 65535"),
        ("a host port twice", pod(", ports: [{containerPort: 80, hostPort: 80}, {containerPort: 81, hostPort: 80}]"), "asked for twice"),
        ("a list for a mapping", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: []", "spec: found a list (expected a mapping)"),
        ("a mapping for a list", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: {}}", "spec.containers: found a mapping (expected a list)"),
        ("no containers", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}", "at least one container"),
        ("two containers of one name", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}, {name: c, image: i}]}", "spec.containers[1].name: the name \"c\" is taken"),
        ("a bad name", pod("", meta: "name: Web_1"), "no valid name of a Pod"),
        ("a bad label", pod("", meta: "name: p, labels: {a: \"-\"}"), "no valid value of a label"),
        ("a bad time", pod("", meta: "name: p, creationTimestamp: yesterday"), "metadata.creationTimestamp"),
        ("a selector that selects nothing", deployment("", labels: "app: b"), "does not match the labels"),
        ("an empty selector", deployment("", selector: ""), "must not be empty"),
        ("no selector", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: c, image: i}]}}}", "spec.selector: a value is required"),
        ("a rollout that cannot move", deployment("strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}"), "nothing could be replaced"),
        ("a bad percentage", deployment("strategy: {rollingUpdate: {maxSurge: 5 %}}"), "expected a whole number, or a percentage"),
        ("a rolling update that recreates", deployment("strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}"), "not allowed when the type is Recreate"),
        ("a deadline for pods that do not end", deployment("").replacing("spec: {containers", with: "spec: {activeDeadlineSeconds: 9, containers"), "activeDeadlineSeconds: not allowed for this kind"),
        ("a surge above all", daemonSet("updateStrategy: {rollingUpdate: {maxSurge: 150%, maxUnavailable: 0}}"), "maxSurge: more than 100 %"),
        ("a rolling update by hand", set("updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}"), "rollingUpdate: only for the strategy RollingUpdate"),
        ("a service of no name", set("serviceName: Db.svc"), "serviceName: not a valid name of a service"),
        ("a weight out of range", podSpec("affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 101, preference: {}}]}}"), "expected a whole number from 1 to 100"),
        ("a missing topology key", podSpec("affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {}}]}}"), "topologyKey: a value is required"),
        (
            "an operator without values", podSpec("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In}]}]}}}"),
            "In and NotIn need values"
        ),
        ("a toleration without key and Exists", podSpec("tolerations: [{operator: Equal, value: a}]"), "only Exists is allowed"),
        ("toleration seconds without NoExecute", podSpec("tolerations: [{key: a, operator: Exists, tolerationSeconds: 5}]"), "needs the effect NoExecute"),
        ("a toleration that compares", podSpec("tolerations: [{key: a, operator: Gt, value: \"5\"}]"), "need the feature gate TaintTolerationComparisonOperators"),
        ("a zero skew", podSpec("topologySpreadConstraints: [{maxSkew: 0, topologyKey: z, whenUnsatisfiable: DoNotSchedule}]"), "maxSkew"),
        ("a volume of less than nothing", podSpec("volumes: [{name: v, emptyDir: {sizeLimit: -1Gi}}]"), "spec.volumes[0].emptyDir.sizeLimit: must not be negative"),
        ("one process namespace and the host's", podSpec("hostPID: true\n  shareProcessNamespace: true"), "spec.shareProcessNamespace: not allowed together with hostPID"),
        ("a readiness gate of no name", podSpec("readinessGates: [{conditionType: \"a b\"}]"), "readinessGates[0].conditionType: \"a b\" is no valid name of a condition"),
        ("a debugging container from the start", podSpec("ephemeralContainers: [{name: e, image: i}]"), "spec.ephemeralContainers: not allowed in a pod that is yet to be created"),
        (
            "a debugging container in a template", deployment("").replacing("spec: {containers", with: "spec: {ephemeralContainers: [{name: e}], containers"),
            "spec.template.spec.ephemeralContainers: not allowed in a pod"
        ),
        ("two volume sources", podSpec("volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]"), "a volume has 2 sources"),
        ("a budget with two amounts", "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {minAvailable: 1, maxUnavailable: 1}", "not allowed together with minAvailable"),
        (
            "a job that always restarts", "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [{name: c, image: i}]}}}",
            "Always is not allowed for this kind (expected OnFailure or Never)"
        ),
        ("a job that selects other pods", job("manualSelector: true, selector: {matchLabels: {app: k}}"), "template.metadata.labels: the selector does not match"),
        ("a job that selects without leave", job("selector: {matchLabels: {app: j}}"), "spec.selector: a job without manualSelector gets its own"),
        ("a manual selector without one", job("manualSelector: true"), "spec.selector: required by manualSelector"),
        (
            "a selector in a cron job",
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec: {schedule: \"* * * * *\", jobTemplate: {spec: {selector: {matchLabels: {job-name: j}}, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}",
            "spec.jobTemplate.spec.selector: not allowed in a CronJob"
        ),
        (
            "a manual selector in a cron job",
            "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec: {schedule: \"* * * * *\", jobTemplate: {spec: {manualSelector: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}",
            "spec.jobTemplate.spec.manualSelector: not allowed in a CronJob"
        ),
        ("a policy that replaces too early", job("podReplacementPolicy: TerminatingOrFailed, podFailurePolicy: {rules: []}"), "podReplacementPolicy: a podFailurePolicy replaces failed pods only"),
        ("a policy where containers restart", job("podFailurePolicy: {rules: []}", restart: "OnFailure"), "a podFailurePolicy needs restartPolicy Never"),
        ("a code of an unknown container", exitCodes("containerName: d, operator: In, values: [1]"), "onExitCodes.containerName: the template has no container"),
        ("codes out of order", exitCodes("operator: In, values: [5, 3]"), "onExitCodes.values: must be in ascending order"),
        ("a code twice", exitCodes("operator: NotIn, values: [3, 3]"), "onExitCodes.values: must be in ascending order"),
        ("too many codes", exitCodes("operator: NotIn, values: \(Array(1...256))"), "onExitCodes.values: 256 is too many: at most 255"),
        (
            "too many rules", job("podFailurePolicy: {rules: [\(Array(repeating: "{action: Count, onPodConditions: [{type: A}]}", count: 21).joined(separator: ", "))]}"),
            "podFailurePolicy.rules: 21 is too many: at most 20"
        ),
        (
            "too many conditions", job("podFailurePolicy: {rules: [{action: Count, onPodConditions: [\(Array(repeating: "{type: A}", count: 21).joined(separator: ", "))]}]}"),
            "onPodConditions: 21 is too many: at most 20"
        ),
        ("more failed indexes than indexes", indexed("backoffLimitPerIndex: 1, maxFailedIndexes: 6"), "maxFailedIndexes: 6 is too many: at most 5"),
        ("an indexed job too parallel", indexed("parallelism: 100001"), "parallelism: 100001 is too many: at most 100000"),
        ("limits per index for very many", indexed("parallelism: 9, backoffLimitPerIndex: 1", completions: 100_001), "maxFailedIndexes: required with backoffLimitPerIndex and more than 100000"),
        ("a large indexed job too parallel", indexed("parallelism: 10001, backoffLimitPerIndex: 1, maxFailedIndexes: 1", completions: 100_001), "parallelism: 10001 is too many: at most 10000"),
        ("a success policy without rules", indexed("successPolicy: {rules: []}"), "successPolicy.rules: at least one rule"),
        ("a success rule of nothing", indexed("successPolicy: {rules: [{}]}"), "successPolicy.rules[0]: one of succeededIndexes and succeededCount"),
        ("more successes than completions", indexed("successPolicy: {rules: [{succeededCount: 6}]}"), "succeededCount: 6 is too many: at most 5 (the completions)"),
        ("more successes than indexes", indexed("successPolicy: {rules: [{succeededCount: 3, succeededIndexes: \"0,2\"}]}"), "succeededCount: 3 is too many: at most 2 (the succeededIndexes)"),
        ("indexes backward", indexed("successPolicy: {rules: [{succeededIndexes: \"2-1\"}]}"), "succeededIndexes: no list of indexes below 5"),
        ("an index too high", indexed("successPolicy: {rules: [{succeededIndexes: \"1,5\"}]}"), "succeededIndexes: no list of indexes below 5"),
        (
            "a name too long for its indexes", job("completionMode: Indexed, completions: 11", name: String(repeating: "j", count: 61)),
            "metadata.name: the pod of the last index could not have"
        ),
        ("a manager without a domain", job("managedBy: queue"), "managedBy: \"queue\" is no valid name of a controller"),
        ("a deployment that never restarts", deployment("").replacing("spec: {containers", with: "spec: {restartPolicy: Never, containers"), "Never is not allowed for this kind"),
        ("a list of something else", "apiVersion: v1\nkind: List\nitems: 5", "items: found the number 5"),
        ("an object twice", pod("") + "---\n" + pod(""), "Pod default/p stands in test.yaml:1:1 already"),
        ("a claim without a size", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: [ReadWriteOnce]}", "a request greater than 0"),
        (
            "a claim for one pod and more",
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}"
                + "\nspec: {accessModes: [ReadWriteOncePod, ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
            "accessModes: ReadWriteOncePod is not allowed "
                + "together with other access modes"
        ),
        (
            "a volume for one pod and more",
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}"
                + "\nspec: {accessModes: [ReadOnlyMany, ReadWriteOncePod], capacity: {storage: 1Gi}, hostPath: {path: /d}}",
            "accessModes: ReadWriteOncePod is not allowed "
                + "together with other access modes"
        ),
        ("a wrong access mode", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: [RWO], resources: {requests: {storage: 1Gi}}}", "accessModes[0]"),
        (
            "an autoscaler upside down", "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {kind: Deployment, name: d}, minReplicas: 5, maxReplicas: 2}",
            "must not be below minReplicas (5)"
        ),
        (
            "an autoscaler to nothing by pods",
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {kind: Deployment, name: d}, minReplicas: 0, maxReplicas: 2}",
            "pods that are not there have no metrics (expected at least 1, or a metric of type Object or External)"
        ),
        ("a vertical autoscaler of nothing", vertical("updatePolicy: {updateMode: Auto}", target: ""), "spec.targetRef: a value is required"),
        ("an update policy without a mode", vertical("updatePolicy: {minReplicas: 1}"), "spec.updatePolicy.updateMode: a value is required"),
        (
            "a mode that nobody knows", vertical("updatePolicy: {updateMode: Recrate}"),
            "spec.updatePolicy.updateMode: found the text \"Recrate\" (expected one of Off, Initial, Recreate, InPlaceOrRecreate, Auto; did you mean \"Recreate\"?)"
        ),
        ("no replicas at all", vertical("updatePolicy: {updateMode: Auto, minReplicas: 0}"), "minReplicas: found the number 0 (expected a whole number of at least 1)"),
        (
            "a requirement of no resource", vertical("updatePolicy: {updateMode: Auto, evictionRequirements: [{changeRequirement: TargetLowerThanRequests}]}"),
            "evictionRequirements[0].resources: at least one resource is required"
        ),
        ("a policy for nobody", vertical("resourcePolicy: {containerPolicies: [{mode: Auto}]}"), "containerPolicies[0].containerName: a value is required"),
        (
            "bounds upside down", vertical("resourcePolicy: {containerPolicies: [{containerName: c, minAllowed: {cpu: 1}, maxAllowed: {cpu: 500m}}]}"),
            "containerPolicies[0].maxAllowed.cpu: must not be below minAllowed (1)"
        ),
        (
            "a bound too fine", vertical("resourcePolicy: {containerPolicies: [{containerName: c, maxAllowed: {cpu: 100u}}]}"),
            "maxAllowed.cpu: 100u is too fine (expected whole thousandths of a core)"
        ),
        (
            "limits of a container that is left alone", vertical("resourcePolicy: {containerPolicies: [{containerName: c, mode: \"Off\", controlledValues: RequestsAndLimits}]}"),
            "controlledValues: not allowed for a container that is left alone"
        ),
    ]

    @Test("each gives the right diagnostic", arguments: texts.indices)
    func diagnosed(index: Int) {
        let (name, text, message) = Self.texts[index]
        let found = errors(in: text)
        #expect(found.contains { $0.contains(message) }, "\(name): \(found)")
    }

    @Test(
        "a readiness gate whose condition nobody will set is warned of",
        arguments: [
            (podSpec("readinessGates: [{conditionType: lb}]"), true),
            (podSpec("readinessGates: [{conditionType: lb}]") + "status: {phase: Running}\n", true),
            (podSpec("readinessGates: [{conditionType: lb}]") + "status: {conditions: [{type: lb, status: \"False\"}]}\n", true),
            (podSpec("readinessGates: [{conditionType: lb}]") + "status: {conditions: [{type: lb, status: \"True\"}]}\n", false),
            (deployment("").replacing("spec: {containers", with: "spec: {readinessGates: [{conditionType: lb}], containers"), true),
        ])
    func gates(text: String, isWarned: Bool) {
        let found = load(text).diagnostics.map(\.description)
        #expect(found.contains { $0.contains("readinessGates[0].conditionType: nobody sets this condition") } == isWarned, "\(found)")
    }

    static let allowed: [(name: String, text: String)] = [
        ("blanks around an amount", pod(", resources: {requests: {cpu: \" 1 \"}}")),
        ("a native resource of its own domain", pod(", resources: {requests: {example.kubernetes.io/x: 500m}, limits: {example.kubernetes.io/x: 1}}")),
        (
            "a host port of a sidecar and of a container",
            podSpec("initContainers: [{name: i, image: i, restartPolicy: Always, ports: [{containerPort: 80, hostPort: 80}]}]").replacing(
                "name: c, image: i", with: "name: c, image: i, ports: [{containerPort: 81, hostPort: 80}]")
        ),
        ("a negative grace period", podSpec("terminationGracePeriodSeconds: -1")),
        ("a restart rule for no code", pod(", restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: NotIn, values: []}}]")),
        ("a spread over a key of any form", podSpec("topologySpreadConstraints: [{maxSkew: 1, topologyKey: \"a b\", whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}]")),
        ("a key to match that the pod lacks", podSpec("topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {b: c}}, matchLabelKeys: [b]}]")),
        (
            "a debugging container of a pod that runs",
            podSpec("ephemeralContainers: [{name: e, image: i}]") + "status: {phase: Running}\n"
        ),
        ("a debugging container of a pod of a cluster", podSpec("ephemeralContainers: [{name: e, image: i}]").replacing("name: p", with: "name: p, uid: 7d1b1d4e-3a5c-4a64-9b52-0a1f1d6d3f00")),
        ("its own process namespace beside the host's", podSpec("hostPID: true\n  shareProcessNamespace: false")),
        ("a volume without room of its own", podSpec("volumes: [{name: v, emptyDir: {sizeLimit: 0}}]")),
        ("a text in base64", "apiVersion: v1\nkind: Namespace\nmetadata: {name: !!binary YQ==}"),
        ("limits of a stranger", limits("type: openshift.io/Image, max: {storage: 1Gi}")),
        (
            "a mount of a claim template",
            set("").replacing("image: i", with: "image: i, volumeMounts: [{name: d, mountPath: /d}]")
                + "\n  volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]"
        ),
        ("a quota of any kind of object", quota("hard: {count/deployments.apps: 3, requests.nvidia.com/gpu: 1, gold.storageclass.storage.k8s.io/requests.storage: 1Gi}")),
        ("a headless service without ports", service("clusterIP: None")),
        ("kinds of one name in two groups", ["config", "operator"].map { "apiVersion: \($0).openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\n" }.joined(separator: "---\n")),
        ("one state of an object twice", Array(repeating: pod("", meta: "name: p, uid: 7d1b1d4e-3a5c-4a64-9b52-0a1f1d6d3f00, resourceVersion: \"7\""), count: 2).joined(separator: "---\n")),
    ]

    @Test("what the API server takes is taken", arguments: allowed.indices)
    func taken(index: Int) {
        let (name, text) = Self.allowed[index]
        #expect(errors(in: text) == [], "\(name)")
    }

    @Test("a byte order mark is passed over, in YAML as in JSON, and counts as no column")
    func byteOrderMark() {
        #expect(errors(in: "\u{FEFF}" + Self.pod("")) == [])
        #expect(errors(in: "\u{FEFF}a: [").contains { $0.hasPrefix("test.yaml:") })
        #expect(errors(in: "\u{FEFF}kind: 5").contains { $0.hasPrefix("test.yaml:1:7") })
    }

    private func parse(_ bytes: [UInt8]) -> [Diagnostic] {
        let diagnostics = Diagnostics()
        _ = ManifestParser.parse(bytes, file: "t", diagnostics: diagnostics)
        return diagnostics.all
    }

    @Test(
        "endless nesting is refused at once",
        arguments: ["a: [", "[", "{\"a\":", "- ", "? ", "{", "a: {", "[[", "- [", "{\"a\":["])
    func nesting(part: String) {
        let found = parse(Array(String(repeating: part, count: 1_000_000).utf8))
        #expect(!found.isEmpty)
        #expect(found.contains { $0.severity == .error })
    }

    @Test("nesting by indentation is refused")
    func indentation() {
        let text = (0..<1_000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        #expect(parse(Array(text.utf8)).contains { $0.message == "nested too deeply" })
    }

    @Test("a billion laughs are refused at once")
    func laughs() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1..<12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(parse(Array(text.utf8)).contains { $0.message.contains("stand for too many values") })
    }

    @Test("bytes that are not UTF-8 are named by their offset")
    func encoding() {
        let found = parse(Array("a: 1\nb: ".utf8) + [0xC3, 0x28])
        #expect(found.map(\.message) == ["byte 8 of the file is not UTF-8"])
        #expect(found[0].position == Position(line: 2, column: 4))
        #expect(!parse([0xFF, 0xFE, 0x61, 0x00]).isEmpty)
        #expect(!parse(Array("{\"a\": \"".utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8)).isEmpty)
    }

    @Test("every prefix of a real manifest is read without a crash")
    func prefixes() {
        let text = Array((Self.deployment("strategy: {rollingUpdate: {maxSurge: 1}}") + "\n---\n" + Self.pod("")).utf8)
        for length in 0...text.count {
            let loaded = load(String(decoding: text.prefix(length), as: UTF8.self))
            #expect(loaded.objects.count <= 2)
        }
    }

    @Test("no more than a hundred errors are told")
    func limit() {
        let list = (0..<300).map { "- {apiVersion: v1, kind: Pod, metadata: {name: p\($0)}, spec: {x: 1}}" }
        let found = load("apiVersion: v1\nkind: List\nitems:\n" + list.joined(separator: "\n"))
        #expect(found.diagnostics.filter { $0.severity == .error }.count == 100)
    }
}
