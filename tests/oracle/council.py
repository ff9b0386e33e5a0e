"""What the council's raw rows come to, worked out again from the tables alone; nothing of the project.

Written as somebody with pencil and paper would: fractions, lists struck off one by one.
"""

from fractions import Fraction


def rows(cursor, sql, *values):
    cursor.execute(sql, values)
    return cursor.fetchall()


def session(cursor, round_id):
    """(members of the council, how many are present, whether that is a quorum)"""
    people = rows(
        cursor,
        "SELECT m.present FROM awards_councilmember m JOIN awards_council c ON c.id = m.council_id "
        "WHERE c.round_id = %s",
        round_id,
    )
    ((numerator, denominator),) = rows(
        cursor, "SELECT quorum_numerator, quorum_denominator FROM awards_round WHERE id = %s", round_id
    )
    there = [present for (present,) in people if present is True]
    enough = bool(people) and Fraction(len(there), len(people)) >= Fraction(numerator, denominator)
    return len(people), len(there), enough


def voters(cursor, nomination_id):
    """(who may vote on it, how many of them are present)"""
    people = rows(
        cursor,
        "SELECT m.id, m.present FROM awards_councilmember m JOIN awards_council c ON c.id = m.council_id "
        "JOIN awards_nomination n ON n.round_id = c.round_id WHERE n.id = %s",
        nomination_id,
    )
    barred = {
        member
        for (member,) in rows(
            cursor, "SELECT member_id FROM awards_conflict WHERE nomination_id = %s", nomination_id
        )
    }
    left = [(member, present) for member, present in people if member not in barred]
    return len(left), len([member for member, present in left if present is True])


def unanswered(cursor, nomination_id):
    """Members of the nomination's unit of whom nothing is noted, by the list or by a unit post of today."""
    return {
        member
        for (member,) in rows(
            cursor,
            "SELECT m.id FROM awards_councilmember m JOIN awards_council c ON c.id = m.council_id "
            "JOIN awards_nomination n ON n.round_id = c.round_id WHERE n.id = %s AND m.unit_id = n.unit_id "
            "AND NOT EXISTS (SELECT 1 FROM awards_conflict x WHERE x.member_id = m.id "
            "AND x.nomination_id = n.id) AND NOT EXISTS (SELECT 1 FROM awards_keptvoter k "
            "WHERE k.member_id = m.id AND k.nomination_id = n.id)",
            nomination_id,
        )
    }


def possible(method, present, issued, for_, against, blank, invalid):
    """Whether so many papers or hands can be."""
    if method == "hands":
        return for_ + against + blank <= present
    handed_back = for_ + against + blank + invalid
    return handed_back <= issued and issued <= present


def base_and_passed(cursor, nomination_id, for_):
    """(the number the share is counted on, whether the share is reached)"""
    ((base, threshold),) = rows(
        cursor,
        "SELECT r.base, r.threshold_percent FROM awards_round r JOIN awards_nomination n "
        "ON n.round_id = r.id WHERE n.id = %s",
        nomination_id,
    )
    everybody, there = voters(cursor, nomination_id)
    on = everybody if base == "members" else there
    return on, on > 0 and Fraction(for_, on) * 100 >= Fraction(threshold)


def outcomes(cursor, round_id):
    """{nomination id: recommended | not | tie_open | waiting} from the confirmed papers."""
    ((most_ballots,),) = rows(cursor, "SELECT most_ballots FROM awards_round WHERE id = %s", round_id)
    nominations = rows(
        cursor,
        "SELECT id, form_id, subject_kind FROM awards_nomination WHERE round_id = %s "
        "AND stage IN ('council', 'bureau', 'published') AND fallback_of_id IS NULL",
        round_id,
    )
    papers = {
        (nomination, ballot): votes
        for nomination, ballot, votes in rows(
            cursor,
            "SELECT v.nomination_id, v.ballot, v.votes_for FROM awards_votecount v "
            "JOIN awards_nomination n ON n.id = v.nomination_id "
            "WHERE n.round_id = %s AND v.confirmed_by_id IS NOT NULL",
            round_id,
        )
    }
    chair = dict(
        rows(
            cursor,
            "SELECT c.nomination_id, c.recommended FROM awards_chairruling c "
            "JOIN awards_nomination n ON n.id = c.nomination_id WHERE n.round_id = %s",
            round_id,
        )
    )
    limits = {
        (form, kind): most
        for form, kind, most in rows(
            cursor, "SELECT form_id, subject_kind, most FROM awards_roundform WHERE round_id = %s", round_id
        )
    }
    found = {}
    for group in {(form, kind) for _, form, kind in nominations}:
        ids = [pk for pk, form, kind in nominations if (form, kind) == group]
        found |= of_group(cursor, ids, papers, chair, limits.get(group), most_ballots)
    return found


def of_group(cursor, ids, papers, chair, limit, most_ballots):
    found = {}
    silent = [pk for pk in ids if (pk, 1) not in papers]
    enough = []
    for pk in ids:
        if pk in silent:
            found[pk] = "waiting"
        elif base_and_passed(cursor, pk, papers[pk, 1])[1]:
            enough.append(pk)
        else:
            found[pk] = "not"
    if limit is None or len(enough) + len(silent) <= limit:
        return found | dict.fromkeys(enough, "recommended")
    if silent and limit:
        return found | dict.fromkeys(enough, "waiting")
    return found | hand_out(enough, limit, 1, papers, chair, most_ballots)


def hand_out(candidates, seats, ballot, papers, chair, most_ballots):
    """Seats go to the largest heaps first; a heap that does not fit whole is voted on again."""
    found = {}
    remaining = list(candidates)
    while remaining:
        top = max(papers[pk, ballot] for pk in remaining)
        heap = [pk for pk in remaining if papers[pk, ballot] == top]
        remaining = [pk for pk in remaining if pk not in heap]
        if seats <= 0:
            found |= dict.fromkeys(heap, "not")
        elif len(heap) <= seats:
            found |= dict.fromkeys(heap, "recommended")
            seats -= len(heap)
        else:
            found |= again(heap, seats, ballot, papers, chair, most_ballots)
            seats = 0
    return found


def again(heap, seats, ballot, papers, chair, most_ballots):
    if ballot < most_ballots:
        if all((pk, ballot + 1) in papers for pk in heap):
            return hand_out(heap, seats, ballot + 1, papers, chair, most_ballots)
        return dict.fromkeys(heap, "tie_open")
    said = [chair.get(pk) for pk in heap]
    if None in said or said.count(True) != seats:
        return dict.fromkeys(heap, "tie_open")
    return {pk: "recommended" if chair[pk] else "not" for pk in heap}
