package dev.vibrissa.api.concentration;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts together whoever has a mark in common, be it through others: the connected parts of a graph. */
final class Groups<T> {
    private final Map<String, T> firstWith = new HashMap<>();
    private final Map<T, T> parents = new LinkedHashMap<>();
    private final Map<T, String> names = new HashMap<>();

    /** @param marks at least one; the first may become the name of the group */
    void add(T member, List<String> marks) {
        parents.put(member, member);
        names.put(member, marks.getFirst());
        for (String mark : marks) {
            join(member, firstWith.computeIfAbsent(mark, _ -> member));
        }
    }

    private void join(T one, T other) {
        T a = root(one);
        T b = root(other);
        if (!a.equals(b)) {
            parents.put(a, b);
            String name = names.getOrDefault(a, "");
            names.merge(b, name, (mine, others) -> mine.compareTo(others) <= 0 ? mine : others);
        }
    }

    private T root(T member) {
        T at = member;
        for (T parent = parents.getOrDefault(at, at); !parent.equals(at); parent = parents.getOrDefault(at, at)) {
            at = parent;
        }
        return at;
    }

    /** The name of each member's group, the least of those of its members. */
    String of(T member) {
        return names.getOrDefault(root(member), "");
    }
}
