/// What a seed of the swarm may have or lack altogether.
///
/// Half of all seeds have a feature: a cluster in which everything happens at once hides what two things do to each
/// other when a third is absent (swarm testing: Groce et al., ISSTA 2012).
package enum SwarmFeature: String, CaseIterable, Sendable {
    // What runs.
    case deployments, statefulSets, daemonSets, jobs, cronJobs, replicaSets, arrivals
    // How it is looked after.
    case budgets, quotas, priorities, probes, volumes, spread, affinity, taints, hooks, sidecars, verticals
    // What people do.
    case rollouts, scaling, templates, drains, cordons, deletions, reboots, replacements, namespaces
    // What goes wrong in containers and images.
    case crashes, hangs, badImages, slowImages, usage
    // What the cluster is like.
    case slowParts, currentCache, upstreamSearch, seededTies, traffic, bootingMachines
}
