import KubernetesAPI

/// What people change about a workload.
extension Trial {
    static func scale(_ object: inout KubernetesObject, to replicas: Int64) {
        if case .deployment(var workload) = object {
            workload.spec.replicas = replicas
            object = .deployment(workload)
        } else if case .replicaSet(var workload) = object {
            workload.spec.replicas = replicas
            object = .replicaSet(workload)
        } else if case .replicationController(var workload) = object {
            workload.spec.replicas = replicas
            object = .replicationController(workload)
        } else if case .statefulSet(var workload) = object {
            workload.spec.replicas = replicas
            object = .statefulSet(workload)
        } else if case .job(var workload) = object {
            workload.spec.parallelism = replicas + 1
            object = .job(workload)
        }
    }

    static func setTemplate(_ object: inout KubernetesObject, version: Int) {
        let template = TrialWorkloads.template(object.metadata.name, version: version)
        if case .deployment(var workload) = object {
            workload.spec.template = template
            object = .deployment(workload)
        } else if case .statefulSet(var workload) = object {
            workload.spec.template = template
            object = .statefulSet(workload)
        } else if case .daemonSet(var workload) = object {
            workload.spec.template = template
            object = .daemonSet(workload)
        } else if case .job(var workload) = object {
            workload.spec.suspend = version % 2 == 0
            object = .job(workload)
        }
    }

    static func setStrategy(_ object: inout KubernetesObject, _ number: Int, _ strategy: Deployment.Strategy) {
        if case .deployment(var workload) = object {
            if number < 2 { workload.spec.paused = number == 0 } else { workload.spec.strategy = strategy }
            object = .deployment(workload)
        } else if case .statefulSet(var workload) = object {
            switch number {
            case 0, 1: workload.spec.updateStrategy = .rollingUpdate(partition: Int64(number), maxUnavailable: nil)
            case 2: workload.spec.whenScaled = workload.spec.whenScaled == .delete ? .retain : .delete
            case 3: workload.spec.whenDeleted = workload.spec.whenDeleted == .delete ? .retain : .delete
            default: workload.spec.ordinalsStart = Int64(number - 4)
            }
            object = .statefulSet(workload)
        } else if case .daemonSet(var workload) = object {
            workload.spec.updateStrategy =
                number < 3
                ? .rollingUpdate(maxUnavailable: .number(1), maxSurge: .number(0))
                : .rollingUpdate(maxUnavailable: .number(0), maxSurge: .number(1))
            object = .daemonSet(workload)
        } else if case .cronJob(var workload) = object {
            workload.spec.suspend = number < 2
            object = .cronJob(workload)
        }
    }
}
