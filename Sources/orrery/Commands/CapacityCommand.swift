import ArgumentParser

/// `orrery capacity …`.
struct CapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Answers what more fits, which machines are enough, and which could go.",
        discussion: """
            The answers come from the real scheduler: fit asks it for one place after the other, plan and shrink run the \
            whole scenario on other machines, with DaemonSets, reservations, spreading, affinity, volumes and budgets. \
            In these runs nothing breaks and no autoscaler adds machines; a set of machines is enough when no pod waits \
            for a node for longer than --patience, at any time of the run.

            EXAMPLES
              orrery capacity fit scenarios/first-steps/web-shop --workload deployment/web
              orrery capacity fit my-app/ --machines 3xm6i.large --pod big-pod.yaml
              orrery capacity plan scenarios/capacity/right-size
              orrery capacity plan my-app/ --families m6i,c6i,r6i --zones us-east-1a,us-east-1b --survive zone
              orrery capacity shrink scenarios/first-steps/web-shop

            EXIT CODES
              0  answered
              1  nothing more fits, or what is given runs on no set of machines that was tried
              2  bad input
            """,
        subcommands: [CapacityFitCommand.self, CapacityPlanCommand.self, CapacityShrinkCommand.self])
}
