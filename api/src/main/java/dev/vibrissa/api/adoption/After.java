package dev.vibrissa.api.adoption;

import dev.vibrissa.api.adoption.AdoptionViews.Ranked;
import dev.vibrissa.api.adoption.TopQueries.One;
import dev.vibrissa.api.input.Input;
import dev.vibrissa.api.page.PageRequest;
import dev.vibrissa.api.problem.ProblemException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * After whom a top list goes on. The greatest amount is first, then the order is that of subjects; what has no subject
 * comes last among equals.
 *
 * @param rank 0: at the beginning
 * @param amount null at the beginning
 */
record After(
        int rank, @Nullable BigDecimal amount, @Nullable String subject) {
    /** Subjects are texts of anybody, and may have line feeds, which part the keys of cursors. */
    private static final String SUBJECT = "=";

    static After of(PageRequest page) {
        int rank = (int) page.afterNumber(0, 0);
        if (rank <= 0) {
            return new After(0, null, null);
        }
        String subject = page.afterText(2);
        return new After(rank, Input.signed("cursor", page.afterText(1)), subject.isEmpty() ? null : decoded(subject));
    }

    private static String decoded(String subject) {
        try {
            return new String(
                    Base64.getUrlDecoder().decode(subject.substring(SUBJECT.length())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ProblemException.badInput("cursor", "cursor is the field next of the page before, unchanged");
        }
    }

    static List<String> key(Ranked last) {
        String subject = last.subject();
        return List.of(
                Integer.toString(last.rank()),
                last.amount(),
                subject == null
                        ? ""
                        : SUBJECT
                                + Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(subject.getBytes(StandardCharsets.UTF_8)));
    }

    /** Of rows that come after it. */
    String condition() {
        if (amount == null) {
            return "true";
        }
        return subject == null ? "amount < ?" : "amount <= ? and (amount < ? or subject > ? or subject is null)";
    }

    List<? extends @Nullable Object> arguments() {
        if (amount == null) {
            return List.of();
        }
        return subject == null ? List.of(amount) : List.of(amount, amount, subject);
    }

    /** Whether what has no subject is yet to come. */
    boolean isBefore(One rest) {
        if (amount == null) {
            return true;
        }
        int order = new BigDecimal(rest.amount()).compareTo(amount);
        return order < 0 || order == 0 && subject != null;
    }
}
