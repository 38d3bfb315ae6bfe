"""Compiled: mends trees of shortest ways where the times over some arcs have changed.

The increase half cuts off what lies below an arc that takes longer and lets it be entered again from the
nodes that kept their ways; the decrease half lets what became quicker spread; one Dijkstra settles both
(Ramalingam and Reps, 1996). What a change does not touch is not looked at.
"""

from __future__ import annotations

from typing import Any

from kontijensi.vocabulary.compiling import compiled


@compiled
def repair(  # noqa: PLR0912, PLR0915, C901 - one loop over the heap, and calls would cost more than they hold
    rows: Any,
    changed: Any,
    tail: Any,
    head: Any,
    time_s: Any,
    out_start: Any,
    in_start: Any,
    in_arc: Any,
    times: Any,
    previous: Any,
    is_cut: Any,
    queue: Any,
    key: Any,
    member: Any,
) -> None:
    """Bring some rows of a table of trees to the times over the arcs as they are now.

    Arcs are sorted by tail, and no two share both ends. `times` and `previous` hold a tree a row, one after
    another; `is_cut`, shape (n_nodes,), is all 0 before and after; `queue`, shape (n_nodes,), and the heap of
    `key` and `member`, shape (n_nodes + n_arcs,), are room to work in. `in_arc` lists the arcs by their head.
    """
    n = len(out_start) - 1
    for row in rows:
        base = row * n
        n_cut = 0
        for arc in changed:
            u, v = tail[arc], head[arc]
            if previous[base + v] == u and is_cut[v] == 0 and times[base + u] + time_s[arc] > times[base + v]:
                is_cut[v] = 1
                queue[n_cut] = v
                n_cut += 1
        done = 0
        while done < n_cut:
            u = queue[done]
            done += 1
            for arc in range(out_start[u], out_start[u + 1]):
                v = head[arc]
                if previous[base + v] == u and is_cut[v] == 0:
                    is_cut[v] = 1
                    queue[n_cut] = v
                    n_cut += 1
        # Entries of the heap end at `size`; those at its back, up to `top`, have not been sifted in yet.
        size = 0
        top = 0
        for i in range(n_cut):
            v = queue[i]
            best_s, best = float("inf"), -1
            for entry in range(in_start[v], in_start[v + 1]):
                arc = in_arc[entry]
                u = tail[arc]
                if is_cut[u] == 0:
                    t_s = times[base + u] + time_s[arc]
                    if t_s < best_s:
                        best_s, best = t_s, u
            times[base + v] = best_s
            previous[base + v] = best
            if best >= 0:
                key[top], member[top] = best_s, v
                top += 1
        for arc in changed:
            u, v = tail[arc], head[arc]
            t_s = times[base + u] + time_s[arc]
            if is_cut[u] == 0 and t_s < times[base + v]:
                times[base + v] = t_s
                previous[base + v] = u
                key[top], member[top] = t_s, v
                top += 1
        for i in range(n_cut):
            is_cut[queue[i]] = 0
        while top > 0:
            while size < top:
                t_s, v = key[size], member[size]
                at = size
                while at > 0 and key[(at - 1) >> 1] > t_s:
                    up = (at - 1) >> 1
                    key[at], member[at] = key[up], member[up]
                    at = up
                key[at], member[at] = t_s, v
                size += 1
            t_s, u = key[0], member[0]
            size -= 1
            last_s, last = key[size], member[size]
            at = 0
            down = 1
            while down < size:
                if down + 1 < size and key[down + 1] < key[down]:
                    down += 1
                if key[down] >= last_s:
                    break
                key[at], member[at] = key[down], member[down]
                at = down
                down = 2 * at + 1
            key[at], member[at] = last_s, last
            top = size
            if t_s > times[base + u]:
                continue
            for arc in range(out_start[u], out_start[u + 1]):
                v = head[arc]
                there_s = t_s + time_s[arc]
                if there_s < times[base + v]:
                    times[base + v] = there_s
                    previous[base + v] = u
                    key[top], member[top] = there_s, v
                    top += 1
