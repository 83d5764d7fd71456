import Testing

/// A file that is wrong in one way.
struct MalformedInput: CustomTestStringConvertible, Sendable {
    let name: String
    let file: String
    let text: String
    /// The file that the diagnostic must name.
    var blamed: String

    var testDescription: String { name }

    init(_ name: String, file: String = "bad.yaml", blamed: String? = nil, _ text: String) {
        self.name = name
        self.file = file
        self.text = text
        self.blamed = blamed ?? file
    }

    /// A Deployment whose container, or whose spec, has more lines.
    static func deployment(_ name: String, container: String = "", pod: String = "", spec: String = "")
        -> MalformedInput
    {
        MalformedInput(
            name,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              \(spec)
              template:
                metadata: {labels: {app: web}}
                spec:
                  \(pod)
                  containers:
                  - name: web
                    image: nginx:1
                    \(container)
            """)
    }

    static func pod(_ name: String, _ spec: String) -> MalformedInput {
        MalformedInput(name, "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: \(spec)\n")
    }

    static func scenario(_ name: String, blamed: String? = nil, _ spec: String) -> MalformedInput {
        MalformedInput(
            name, file: "scenario.yaml", blamed: blamed,
            "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: bad}\nspec: \(spec)\n")
    }

    static let pools = "pools: [{name: a, machineType: m6i.large, count: 1}]"
    static let good = "{containers: [{name: a, image: b}]}"
}

// MARK: - The table

extension MalformedInput {
    static let all: [MalformedInput] = syntax + types + values + objects + scenarios

    static let syntax = [
        MalformedInput("an open bracket", "a: [1, 2\n"),
        MalformedInput("an open quote", "apiVersion: \"v1\nkind: Pod\n"),
        MalformedInput("a tab as indentation", "apiVersion: v1\n\tkind: Pod\n"),
        MalformedInput("two colons in a line", "kind: Pod: Pod\n"),
        MalformedInput("a mapping cut off in a flow", "apiVersion: v1\nkind: Pod\nmetadata: {name: \n"),
        MalformedInput("an alias without anchor", "apiVersion: v1\nkind: *missing\n"),
        MalformedInput("an alias inside its own value", "a: &a [*a]\n"),
        MalformedInput("a key twice", "apiVersion: v1\nkind: Pod\nkind: Pod\nmetadata: {name: a}\nspec: \(good)\n"),
        MalformedInput("an unknown tag", "apiVersion: v1\nkind: !secret Pod\n"),
        MalformedInput("a merge of a text", "apiVersion: v1\n<<: text\nkind: Pod\n"),
        MalformedInput("a list as a key", "[a, b]: c\n"),
        MalformedInput(
            "nesting of 5,000 levels", String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)),
        MalformedInput("a plain text", "hello\n"),
        MalformedInput("a number", "42\n"),
        MalformedInput("JSON cut off", file: "bad.json", "{\"apiVersion\": \"v1\", \"kind\": "),
        MalformedInput("JSON with a comma too many", file: "bad.json", "{\"apiVersion\": \"v1\",, \"kind\": \"Pod\"}"),
        MalformedInput("JSON with a raw control character", file: "bad.json", "{\"kind\": \"P\u{1}d\"}"),
        MalformedInput("JSON with half a surrogate", file: "bad.json", "{\"kind\": \"\\ud800\"}"),
    ]

    static let types = [
        MalformedInput("no kind", "apiVersion: v1\nmetadata: {name: a}\n"),
        MalformedInput("no apiVersion", "kind: Pod\nmetadata: {name: a}\nspec: \(good)\n"),
        MalformedInput("a kind that is a list", "apiVersion: v1\nkind: [Pod]\n"),
        MalformedInput("a version that is not served", "apiVersion: apps/v9\nkind: Deployment\nmetadata: {name: a}\n"),
        MalformedInput("items that are no list", "apiVersion: v1\nkind: List\nitems: {a: b}\n"),
        MalformedInput("metadata that is a text", "apiVersion: v1\nkind: Pod\nmetadata: web\nspec: \(good)\n"),
        MalformedInput(
            "labels that are a list", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: [x]}\nspec: \(good)\n"),
        MalformedInput(
            "a label that is a number",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {x: 1}}\nspec: \(good)\n"),
        deployment("replicas that are a text", spec: "replicas: three"),
        deployment("replicas that are a fraction", spec: "replicas: 1.5"),
        deployment("replicas below zero", spec: "replicas: -1"),
        deployment("replicas beyond 32 bits", spec: "replicas: 99999999999"),
        pod("containers that are a mapping", "{containers: {name: a, image: b}}"),
        pod("a container that is a text", "{containers: [web]}"),
        pod("a spec that is a list", "[a]"),
    ]

    static let values = [
        deployment("a field that Kubernetes does not have", pod: "nodeSelektor: {a: b}"),
        deployment("a resource quantity that is none", container: "resources: {requests: {cpu: lots}}"),
        deployment("a quantity with an unknown suffix", container: "resources: {requests: {memory: 5Gigs}}"),
        deployment("a quantity below zero", container: "resources: {requests: {cpu: -1}}"),
        deployment("a request above its limit", container: "resources: {requests: {cpu: 2}, limits: {cpu: 1}}"),
        deployment("a port out of range", container: "ports: [{containerPort: 70000}]"),
        deployment(
            "a host port twice",
            container: "ports: [{containerPort: 1, hostPort: 80}, {containerPort: 2, hostPort: 80}]"),
        deployment("an unknown restart policy", pod: "restartPolicy: Sometimes"),
        deployment("a toleration with an unknown effect", pod: "tolerations: [{key: a, effect: Maybe}]"),
        deployment(
            "a node selector operator that is none",
            pod:
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Near}]}]}}}"
        ),
        deployment("a rollout that cannot move", spec: "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}"),
        deployment("a container twice", pod: "initContainers: [{name: web, image: a}]"),
    ]

    static let objects = [
        MalformedInput("a pod without name", "apiVersion: v1\nkind: Pod\nmetadata: {}\nspec: \(good)\n"),
        MalformedInput(
            "a name that DNS does not allow", "apiVersion: v1\nkind: Pod\nmetadata: {name: Web_1}\nspec: \(good)\n"),
        MalformedInput(
            "a pod without containers", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n"),
        MalformedInput(
            "the same object twice",
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
        ),
        MalformedInput(
            "a selector that does not match its template",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template: {metadata: {labels: {app: api}}, spec: \(good)}
            """),
        MalformedInput(
            "owners in a circle",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, uid: u-a, ownerReferences: [{apiVersion: v1, kind: Pod, name: b, uid: u-b}]}
            spec: \(good)
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: b, uid: u-b, ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u-a}]}
            spec: \(good)
            """),
        MalformedInput(
            "a Job whose pods never end",
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: a}
            spec: {template: {spec: {restartPolicy: Always, containers: [{name: a, image: b}]}}}
            """),
    ]

    static let scenarios = [
        scenario("a scenario field that is unknown", "{duraton: 1h, \(pools)}"),
        scenario("a duration without unit", "{duration: 10, \(pools)}"),
        scenario("a service that nobody has", "{duration: 1h, services: [{name: web, cpu: 1ms}], \(pools)}"),
        scenario(
            "services that call each other",
            "{duration: 1h, services: [{name: a, match: {}, cpu: 1ms, calls: [{service: a}]}], \(pools)}"),
        scenario("an image without content", "{images: [{name: a}], \(pools)}"),
        scenario("a registry of no bandwidth", "{registries: [{name: a.io, bandwidth: 0}], \(pools)}"),
        scenario("a tag moved nowhere", "{changes: [{at: 1h, moveTag: {image: a}}], \(pools)}"),
        scenario("a seed below zero", "{duration: 1h, seed: -1, \(pools)}"),
        scenario(
            "a machine type that nobody sells", "{duration: 1h, pools: [{name: a, machineType: m6i.lage, count: 1}]}"),
        scenario(
            "a pool of minus one machine", "{duration: 1h, pools: [{name: a, machineType: m6i.large, count: -1}]}"),
        scenario(
            "two pools of one name",
            "{duration: 1h, pools: [{name: a, machineType: m6i.large, count: 1}, {name: a, machineType: m6i.large, count: 1}]}"
        ),
        scenario(
            "manifests that are not there", blamed: "nowhere.yaml",
            "{duration: 1h, manifests: [nowhere.yaml], \(pools)}"
        ),
        scenario("a start date in February 30", "{duration: 1h, start: \"2026-02-30\", \(pools)}"),
        scenario(
            "an assertion about nothing known", "{duration: 1h, \(pools), assert: [{metric: pods.happy, atLeast: 1}]}"),
    ]
}
