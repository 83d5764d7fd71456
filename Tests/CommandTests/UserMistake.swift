import Testing

/// Something that a user does wrong in a folder with `web.yaml`, `app/web.yaml` and a run, `run.sqlite`.
struct UserMistake: CustomTestStringConvertible, Sendable {
    let script: String
    /// What the message has to say.
    let words: [String]

    var testDescription: String { script }

    init(_ script: String, _ words: String...) {
        self.script = script
        self.words = words
    }

    /// A folder `cup` that was imported and holds a file of one's own; then `script`.
    private static func imported(_ script: String) -> String {
        "printf 'period,count\\n1998-04-30 21:30:00,600\\n' > r.csv; cp r.csv app; orrery import worldcup98 r.csv -o cup/ "
            + "> made; cp r.csv cup/mine.csv; \(script)"
    }

    private static let machines = "--machines 1xm6i.large --for 1h"

    static let all = nothingToRun + inputs + outputs + options

    static let nothingToRun = [
        UserMistake(": | orrery run - \(machines)", "<stdin>", "nothing to run"),
        UserMistake("orrery run /dev/null \(machines)", "/dev/null", "nothing to run"),
        UserMistake("echo '# only this' > c.yaml; orrery run c.yaml \(machines)", "c.yaml", "nothing to run"),
        UserMistake("mkdir none; orrery validate none", "none", "nothing to run"),
        UserMistake(": | orrery validate -", "nothing to run"),
        UserMistake(": | orrery capacity plan -", "nothing to run"),
        UserMistake(
            "printf 'kind: Kustomization\\napiVersion: kustomize.config.k8s.io/v1beta1\\n' | orrery validate -",
            "Kustomization is not carried out", "nothing to run"),
    ]

    static let inputs = [
        UserMistake("orrery run - \(machines) <&-", "standard input cannot be read"),
        UserMistake("orrery capacity plan - <&-", "standard input cannot be read"),
        UserMistake("orrery fit - <&-", "standard input cannot be read"),
        UserMistake("orrery forecast --history - --backtest <&-", "standard input cannot be read"),
        UserMistake("orrery run '' \(machines)", "argument 2 is empty"),
        UserMistake("orrery run web.yaml \(machines) --scheduler-config=", "--scheduler-config= has no value"),
        UserMistake("orrery compare ''", "argument 2 is empty"),
        UserMistake(
            "printf 'apiVersion: orrery.dev/v1\\nkind: Scenario\\nspec: {}\\n' | orrery run - \(machines)",
            "<stdin>:1:1", "stands in a file", "instead of -"),
        UserMistake(
            "printf 'apiVersion: orrery.dev/v1\\nkind: Experiment\\nspec: {}\\n' > e.yaml; orrery validate e.yaml app",
            "an Experiment of"),
        UserMistake(
            "printf 'apiVersion: orrery.dev/v1\\nkind: Scenari\\n' > s.yaml; cat web.yaml > d.yaml; echo >> d.yaml; "
                + "echo --- >> d.yaml; cat s.yaml >> d.yaml; orrery validate <(cat d.yaml)", "Scenario"),
        UserMistake(
            "sed 's/replicas: 3/replicas: x/' web.yaml | orrery validate -; status=$?; "
                + "sed 's/replicas: 3/replicas: x/' web.yaml | orrery validate - 2>&1 | grep machines; exit $status",
            "1 error"),
        UserMistake("orrery run web.yaml --machines 1xM6I.LARGE", "m6i.large"),
        UserMistake("orrery run web.yaml \(machines) --zones us-east-1a,us-east-1a", "named twice"),
        UserMistake("orrery run web.yaml --machines 1xm6i.large --for 0", "--for: error"),
        UserMistake("orrery run web.yaml \(machines) --set pools.general.count=4", "--machines such as"),
        UserMistake("orrery conformance scheduler app", "no folder with recorded decisions"),
        UserMistake("printf 'date,2026-13-45\\ntype,purchase,usd_per_hour\\n' > p.csv; orrery prices check p.csv", "p.csv:1:6"),
        UserMistake("orrery rum x", "Did you mean", "orrery run"),
    ]

    static let outputs = [
        UserMistake("orrery report run.sqlite summary -o run.sqlite", "run.sqlite is what this command reads"),
        UserMistake("orrery export run.sqlite -o ./run.sqlite", "is what this command reads"),
        UserMistake("orrery run web.yaml \(machines) -o new.sqlite --junit new.sqlite", "is what this command reads"),
        UserMistake("orrery run app \(machines) --junit app/web.yaml", "is what this command reads"),
        UserMistake("orrery run web.yaml \(machines) --junit app", "a folder stands there"),
        UserMistake("orrery import worldcup98 a.csv -o app --overwrite", "holds no scenario"),
        UserMistake(
            imported("orrery import worldcup98 cup/mine.csv -o cup/ --overwrite"), "cup/mine.csv is what this command reads"),
        UserMistake(imported("orrery import worldcup98 r.csv -o cup --overwrite"), "cup holds mine.csv"),
        UserMistake(imported("cd cup; orrery import worldcup98 ../app/r.csv -o . --overwrite"), "the working directory"),
        UserMistake(imported("orrery import worldcup98 r.csv -o cup"), "cup stands already"),
        UserMistake(
            "printf 'time,value\\n0,1\\n' > app/use.csv; printf '"
                + "apiVersion: orrery.dev/v1\\nkind: Scenario\\nspec:\\n  pools: [{name: a, machineType: m6i.large, count: 1}]\\n"
                + "  manifests: [web.yaml]\\n"
                + "  workloads: [{match: {name: web}, usage: {cpu: {csv: use.csv}}}]\\n' > app/scenario.yaml; "
                + "orrery run app --for 1h --junit app/use.csv", "app/use.csv is what this command reads"),
        UserMistake("orrery report run.sqlite > /dev/full", "cannot write standard output"),
        UserMistake("orrery export run.sqlite -q > /dev/full", "cannot write standard output"),
    ]

    static let options = [
        UserMistake("orrery right-size run.sqlite --machines 3xm6i.large", "--machines", "run.sqlite"),
        UserMistake("orrery right-size run.sqlite --set a=1", "--set"),
        UserMistake("orrery run --from run.sqlite --at 30m --no-keep-bindings", "--no-keep-bindings and --from"),
        UserMistake("orrery forecast --history h.csv --backtest --budget 5", "--budget"),
        UserMistake("orrery swarm --seeds 1 --scenario app", "not both"),
        UserMistake("orrery shrink app --seed 1", "not both"),
        UserMistake("orrery capacity fit web.yaml --workload deployment/web --pod web.yaml", "not of both"),
    ]
}
