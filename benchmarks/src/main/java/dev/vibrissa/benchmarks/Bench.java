package dev.vibrissa.benchmarks;

import java.util.Arrays;

/** {@code ./vibrissa bench NAME}. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments.length == 0 ? "" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        System.exit(
                switch (name) {
                    case "api" -> ApiBench.run(rest);
                    case "audit" -> AuditBench.run(rest);
                    case "ingest" -> IngestBench.run(rest);
                    case "freshness" -> FreshnessBench.run(rest);
                    case "kafka" -> KafkaBench.run(rest);
                    case "projections" -> ProjectionsBench.run(rest);
                    case "redstuff" -> RedStuffBench.run(rest);
                    default -> {
                        System.err.println(
                                "usage: bench api | audit | ingest | kafka | projections | redstuff | freshness [OPTION]...");
                        yield 2;
                    }
                });
    }
}
