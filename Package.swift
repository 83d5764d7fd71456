// swift-tools-version: 6.1
import PackageDescription

// The rooms of the house, in rows: imports go down, never sideways.
// Sources/Simulation/Simulation.docc/Architecture.md tells why; Tests/TidyTests checks it.

let settings: [SwiftSetting] = [
    // The engine is single-threaded and keeps its state in structs and final classes: the run-time checks of
    // exclusive access cost a twelfth of a run and have nothing to find that the debug build does not.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Rooms whose objects never leave the thread that made them, as whoever wants several worlds or schedulers at a time
// takes processes: counting references without locking the memory saves a tenth of a run. Why rooms above the engine
// are among them: Sources/Simulation/Simulation.docc/Decisions/0006-References-without-locks.md.
let singleThreaded: [SwiftSetting] = [
    .unsafeFlags(["-Xfrontend", "-assume-single-threaded"], .when(configuration: .release))
]

func room(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], isShared: Bool = true
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude,
        swiftSettings: isShared ? settings : settings + singleThreaded)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "orrery",
    products: [.executable(name: "orrery", targets: ["orrery"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        // Row 0
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),
        .target(name: "CData"),
        room("Chronology", [], isShared: false),
        // Row 1
        room("KubernetesAPI", ["Chronology"], isShared: false),
        room("VirtualTime", ["Chronology", "CGSL"], isShared: false),
        room("Statistics", ["CGSL"]),
        room("Observations", ["Chronology"], isShared: false),
        // Row 2
        room("ControlPlane", ["Chronology", "KubernetesAPI"], isShared: false),
        room("SchedulingFramework", ["Chronology", "KubernetesAPI"], isShared: false),
        room("ClusterStore", ["Chronology", "KubernetesAPI", "ControlPlane"], isShared: false),
        // Row 3
        room("Scheduler", ["Chronology", "KubernetesAPI", "ControlPlane", "SchedulingFramework"], isShared: false),
        room("Controllers", ["Chronology", "KubernetesAPI", "ControlPlane"], isShared: false),
        room(
            "Autoscalers", ["Chronology", "KubernetesAPI", "ControlPlane", "SchedulingFramework"], isShared: false),
        room(
            "Machines", ["Chronology", "KubernetesAPI", "VirtualTime", "SchedulingFramework", "CData"],
            exclude: ["Data"], isShared: false),
        room("Workloads", ["Chronology", "KubernetesAPI", "VirtualTime"], isShared: false),
        room("Faults", ["Chronology", "KubernetesAPI", "VirtualTime"], isShared: false),
        room("Costs", ["Chronology", "KubernetesAPI", "CData"], exclude: ["Data"], isShared: false),
        // Row 4
        room(
            "Simulation",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "Observations", "ControlPlane", "SchedulingFramework",
                "ClusterStore", "Scheduler", "Controllers", "Autoscalers", "Machines", "Workloads", "Faults", "Costs",
            ], isShared: false),
        // Row 5
        room(
            "Scenarios",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "Statistics", "Observations", "ControlPlane",
                "SchedulingFramework", "Autoscalers",
                "ClusterStore", "Scheduler", "Machines", "Workloads", "Faults", "Costs", "Simulation",
                .product(name: "Yams", package: "Yams"),
            ], isShared: false),
        room(
            "RunDatabase",
            ["Chronology", "Observations", .product(name: "GRDB", package: "GRDB.swift")]),
        // Row 6
        room("Reports", ["Chronology", "Statistics", "Observations", "RunDatabase"]),
        room(
            "Exports",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "Observations", "ControlPlane", "Costs", "Simulation",
                "RunDatabase",
            ], isShared: false),
        room(
            "Conformance",
            [
                "Chronology", "KubernetesAPI", "ControlPlane", "SchedulingFramework", "ClusterStore", "Scheduler",
                "Controllers", "Scenarios",
            ], isShared: false),
        room(
            "Experiments",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "Statistics", "Observations", "ControlPlane",
                "SchedulingFramework", "Scheduler", "Autoscalers", "Machines", "Faults", "Costs", "Simulation",
                "Scenarios", "RunDatabase", "CData",
            ], exclude: ["Data"]),
        // Row 7
        .executableTarget(
            name: "orrery",
            dependencies: [
                "Chronology", "KubernetesAPI", "VirtualTime", "ControlPlane", "SchedulingFramework", "Scheduler",
                "Autoscalers", "Machines", "Workloads", "Costs", "Statistics",
                "Observations", "Simulation", "Scenarios", "RunDatabase", "Reports",
                "Exports",
                "Conformance", "Experiments", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // Tests
        .executableTarget(name: "ExtenderFixture", path: "Tests/ExtenderFixture", swiftSettings: settings),
        .target(
            name: "FakeCluster", dependencies: ["Chronology", "KubernetesAPI", "ControlPlane"],
            path: "Tests/FakeCluster", swiftSettings: settings),
        tests("ChronologyTests", ["Chronology"]),
        tests("KubernetesAPITests", ["Chronology", "KubernetesAPI"]),
        tests("VirtualTimeTests", ["Chronology", "VirtualTime", "CGSL"]),
        tests(
            "StatisticsTests", ["Chronology", "VirtualTime", "Statistics"],
            exclude: ["Forecasting/statsmodels_comparison.py"]),
        tests("ControlPlaneTests", ["Chronology", "KubernetesAPI", "ControlPlane"]),
        tests("SchedulingFrameworkTests", ["KubernetesAPI", "SchedulingFramework"]),
        tests("ClusterStoreTests", ["Chronology", "KubernetesAPI", "ControlPlane", "ClusterStore"]),
        tests("SchedulerTests", ["Chronology", "KubernetesAPI", "ControlPlane", "SchedulingFramework", "Scheduler"]),
        tests(
            "AutoscalersTests",
            ["Chronology", "KubernetesAPI", "ControlPlane", "SchedulingFramework", "Autoscalers", "FakeCluster"]),
        tests("ControllersTests", ["Chronology", "KubernetesAPI", "ControlPlane", "Controllers", "FakeCluster"]),
        tests("MachinesTests", ["Chronology", "KubernetesAPI", "VirtualTime", "SchedulingFramework", "Machines"]),
        tests("WorkloadsTests", ["Chronology", "KubernetesAPI", "VirtualTime", "Workloads"]),
        tests("FaultsTests", ["Chronology", "KubernetesAPI", "VirtualTime", "Faults"]),
        tests("CostsTests", ["Chronology", "Costs"]),
        tests(
            "SimulationTests",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "Observations", "ControlPlane", "ClusterStore",
                "SchedulingFramework", "Scheduler", "Controllers", "Costs", "Faults", "Machines", "Workloads",
                "Simulation",
            ]),
        tests(
            "ScenariosTests",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "ControlPlane", "SchedulingFramework", "ClusterStore",
                "Scheduler", "Autoscalers", "Observations", "Machines", "Workloads", "Faults", "Costs", "Simulation",
                "Scenarios", "Statistics",
                "ExtenderFixture",
            ], exclude: ["Exports"]),
        tests(
            "RunDatabaseTests",
            ["Chronology", "Observations", "RunDatabase", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "ReportsTests", dependencies: ["Chronology", "Observations", "RunDatabase", "Reports"],
            exclude: ["Golden"], swiftSettings: settings),
        tests(
            "ExportsTests",
            ["Chronology", "KubernetesAPI", "Observations", "Simulation", "RunDatabase", "Exports"]),
        tests("ConformanceTests", ["Conformance"]),
        tests(
            "ExperimentsTests",
            [
                "Chronology", "KubernetesAPI", "VirtualTime", "Statistics", "Observations", "ControlPlane",
                "SchedulingFramework", "Scheduler", "Machines", "Faults", "Costs", "Simulation", "Scenarios",
                "RunDatabase", "Experiments",
            ]),
        tests(
            "CommandTests",
            [
                "orrery", "Chronology", "VirtualTime", "Scheduler", "Observations", "Simulation", "Scenarios",
                "Workloads",
                "RunDatabase", "Exports",
            ]),
        tests("TidyTests", []),
        tests(
            "DocumentationTests",
            [
                "orrery", "Chronology", "KubernetesAPI", "VirtualTime", "Observations", "Faults", "Simulation",
                "Scenarios",
            ]),
    ]
)
