package dev.vibrissa.server.conformance;

import java.util.List;

/** What a folder of vectors came to, kind by kind. */
public record VectorReport(String folder, List<Kind> kinds) {
    public VectorReport {
        kinds = List.copyOf(kinds);
    }

    /** One kind of case: a list in one of the files. */
    public sealed interface Kind {
        String name();

        /**
         * Cases that were run.
         *
         * @param passed how many came out as expected
         */
        record Run(String name, int passed, List<Failure> failures) implements Kind {
            public Run {
                failures = List.copyOf(failures);
            }
        }

        /** Nothing here knows the kind; counts as failed. */
        record NotHandled(String name) implements Kind {}
    }

    /** A case that came out otherwise, and where. */
    public record Failure(String id, List<String> differences) {
        public Failure {
            differences = List.copyOf(differences);
        }
    }

    /** Whether there was something to run and all of it came out as expected. */
    public boolean passed() {
        return !kinds.isEmpty()
                && kinds.stream().allMatch(kind -> switch (kind) {
                    case Kind.Run run -> run.failures().isEmpty() && run.passed() > 0;
                    case Kind.NotHandled _ -> false;
                });
    }
}
