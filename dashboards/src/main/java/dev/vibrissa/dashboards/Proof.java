package dev.vibrissa.dashboards;

import java.util.List;

/**
 * What a number, or a fact, rests on.
 *
 * @param claim in words
 * @param value as the page that led here has it
 * @param formula how the value comes of the inputs
 * @param inputs each with the page or answer where it stands
 * @param again what came out when the formula was applied to the inputs just now; empty where that takes more than a page
 * @param steps from the fact to the signature above it; empty for numbers
 * @param elsewhere how somebody who does not trust this page finds the same
 * @param data the answer of the API, or the file to check offline
 */
public record Proof(
        String claim,
        String value,
        String formula,
        List<Input> inputs,
        String again,
        List<Step> steps,
        String elsewhere,
        String data) {

    /**
     * A proof, and the answer that says as of when.
     *
     * @param basis with its {@code asOf}
     */
    record Found(Proof proof, Answer basis) {}

    /** Something that the value was made of. */
    public record Input(String name, String value, String href) {}

    /**
     * One link of a chain.
     *
     * @param holds whether it was checked just now, and holds
     * @param detail digest or number; empty for none
     */
    public record Step(String claim, boolean holds, String detail, String href) {}

    static Proof ofNumber(String claim, String value, String formula, List<Input> inputs, String again, String data) {
        return new Proof(claim, value, formula, inputs, again, List.of(), "", data);
    }

    Proof withElsewhere(String how) {
        return new Proof(claim, value, formula, inputs, again, steps, how, data);
    }

    public boolean isAgain() {
        return !again.isEmpty();
    }

    /** Whether what was made again is the same. */
    public boolean isEqual() {
        return again.equals(value);
    }
}
