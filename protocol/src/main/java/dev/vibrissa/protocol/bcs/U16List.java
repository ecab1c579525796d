package dev.vibrissa.protocol.bcs;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Unsigned 16-bit numbers that never change, two bytes each: a committee lists a thousand shards. */
final class U16List extends AbstractList<Integer> implements RandomAccess {
    private final char[] numbers;

    /** @param numbers handed over: not to be modified afterwards */
    U16List(char[] numbers) {
        this.numbers = numbers;
    }

    @Override
    public Integer get(int index) {
        return (int) numbers[index];
    }

    @Override
    public int size() {
        return numbers.length;
    }
}
