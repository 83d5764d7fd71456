/// Small inputs that are right.
enum SampleInput {
    static let web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: nginx:1.27
                resources: {requests: {cpu: 250m, memory: 256Mi}}
        """

    /// One pod that no m6i.large can hold.
    static let giant = """
        apiVersion: v1
        kind: Pod
        metadata: {name: giant, namespace: shop}
        spec:
          containers:
          - name: main
            image: giant:1
            resources: {requests: {cpu: "64"}}
        """

    static func scenario(assertion: String) -> String {
        """
        apiVersion: orrery.dev/v1
        kind: Scenario
        metadata: {name: sample}
        spec:
          duration: 2h
          seed: 7
          manifests: [web.yaml]
          pools: [{name: general, machineType: m6i.large, count: 2, zones: [us-east-1a]}]
          assert: [\(assertion)]
        """
    }

    static let options = ["--machines", "2xm6i.large", "--zones", "us-east-1a", "--for", "2h"]
}
