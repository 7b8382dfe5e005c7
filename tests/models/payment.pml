/* One instalment on its way to the bank: errand, lease, fence, bank, the hold of an unknown outcome, and two persons.

   Every step below is one transaction of the code (or one call to the bank between two of them); the decision record
   docs/decisions names the function behind each. Between two steps anything may happen: a worker dies, is slow for
   longer than its lease, a reply is lost, another worker claims, the bank calls back, a statement is read.

   -DKEYS=1   the bank refuses a key it has seen; -DKEYS=0 it does not (a file, a counter).
   The weakened variants, each a classic mistake, are switched on one at a time:
     NO_FENCE  FRESH_KEY  DONE_FIRST  RESEND  LEASE_FOREVER  TWO_CLAIM
*/

#ifndef KEYS
#define KEYS 0
#endif

#define WORKERS 2
#define ATTEMPTS 2   /* the first, and one more that two persons ask for after a statement */
#ifndef CRASHES
#define CRASHES 1    /* how often a worker may die */
#endif
#ifndef TRIES
#define TRIES 2      /* claims of one errand before it is parked for a person */
#endif

#ifdef NO_FENCE
#define HOLDS(mine) true
#else
#define HOLDS(mine) (fence == mine)
#endif

/* A lease may have run out whenever somebody looks, whether its worker died or is only slow. */
#ifdef LEASE_FOREVER
#define LEASE_OVER false
#else
#define LEASE_OVER true
#endif

mtype = { OPEN, UNKNOWN, PAID, REFUSED, YES, NO, NOTHING };

/* The database: bank_instructions (the newest attempt of the instalment) and errands (the one that sends it). */
byte attempt = 1;
mtype outcome = OPEN;
bool sent;              /* sent_at: written down before the bank is called */
bool done;              /* done_at */
bool parked;            /* parked_at: a person sees it */
bool leased;            /* lease_until lies ahead */
byte fence;
byte tries;

/* The bank, whose book is the judge of everything. */
byte payments;          /* how often the instalment was really paid */
byte key_paid;          /* bit k: key k was executed */
byte key_refused;       /* bit k: key k was refused, and always will be */
byte serial;            /* keys given out, for the variant that makes a fresh one each try */

/* Bookkeeping of the model alone. */
byte crashes;
byte calls;             /* calls begun and not over: a statement that covers their day comes after the last */
bool software_resent;   /* without keys: a reference reached the bank a second time and no person asked for it */
byte called;            /* bit a: attempt a was put to a bank without keys */

#define BIT(k) (1 << (k))
#define ENDED (outcome != OPEN || parked)

/* claim_errands: one guarded update; nobody gets what somebody else holds. */
inline claim(mine) {
#ifdef TWO_CLAIM
    (!done && !parked && (!leased || LEASE_OVER));      /* read ... */
    leased = true;                      /* ... then write: two can pass, each with the same fence */
    fence = 1; mine = 1;
#else
    atomic { (!done && !parked && (!leased || LEASE_OVER)) ->
        if
        :: tries == TRIES -> parked = true; mine = 0     /* _park_silent */
        :: else -> tries++; fence++; mine = fence; leased = true
        fi
    }
#endif
}

/* The bank does, or does not, what it is asked; then the reply comes, or does not. */
inline bank(key, said) {
    atomic {
        if
        :: KEYS && (key_paid & BIT(key)) -> said = YES   /* known: answered as before */
        :: KEYS && (key_refused & BIT(key)) -> said = NO
        :: else ->
            if
            :: payments++; key_paid = key_paid | BIT(key); said = YES
            :: key_refused = key_refused | BIT(key); said = NO
            :: said = NOTHING                            /* it never got there */
            fi
        fi;
        if
        :: said = NOTHING                                /* the reply is lost, or comes too late */
        :: skip
        fi
    }
}

proctype Worker() {
    byte mine, key;
    mtype said;

end_again:
    claim(mine);
    if
    :: mine == 0 -> goto end_again
    :: else
    fi;
    if
    :: crashes < CRASHES -> crashes++; goto end_again        /* it dies with the lease in its hand */
    :: true
    fi;

    /* Before the call: that it is about to be made is committed first. */
    atomic {
#ifdef DONE_FIRST
        done = true;
#endif
        if
        :: !HOLDS(mine) -> goto end_again                    /* LeaseLost */
        :: HOLDS(mine) && outcome != OPEN -> done = true; leased = false; goto end_again
#ifdef TWO_CLAIM
        :: HOLDS(mine) && outcome == OPEN -> sent = true /* each sees it unsent when it read it */
#elif defined(NO_FENCE)
        :: outcome == OPEN -> sent = true                /* what another one wrote meanwhile is not looked at */
#elif defined(RESEND)
        :: HOLDS(mine) && outcome == OPEN -> sent = true
#else
        :: HOLDS(mine) && outcome == OPEN && !sent -> sent = true
        :: HOLDS(mine) && outcome == OPEN && sent && KEYS -> skip            /* the same key again is safe */
        :: HOLDS(mine) && outcome == OPEN && sent && !KEYS ->
            outcome = UNKNOWN; done = true; leased = false; goto end_again       /* nobody can say: hold it */
#endif
        fi;
#ifdef FRESH_KEY
        key = serial; serial++;
#else
        key = attempt;
#endif
        if
        :: !KEYS && (called & BIT(attempt)) -> software_resent = true
        :: else -> called = called | BIT(attempt)
        fi;
        calls++
    }
    if
    :: atomic { crashes < CRASHES -> crashes++; calls--; goto end_again }
    :: true
    fi;

    bank(key, said);
    calls--;
    if
    :: crashes < CRASHES -> crashes++; goto end_again        /* it dies between the call and writing it down */
    :: true
    fi;

    /* After the call: what the bank said and that the errand is done are one commit. */
    atomic {
        if
        :: !HOLDS(mine) -> skip                          /* LeaseLost: the callback or the statement will tell */
        :: HOLDS(mine) && outcome != OPEN -> done = true; leased = false
        :: HOLDS(mine) && outcome == OPEN && said == YES -> outcome = PAID; done = true; leased = false
        :: HOLDS(mine) && outcome == OPEN && said == NO -> outcome = REFUSED; done = true; leased = false
        :: HOLDS(mine) && outcome == OPEN && said == NOTHING ->
            leased = false;
#if KEYS || defined(RESEND)
            if
            :: tries < TRIES -> skip                     /* fail_errand: it waits and is tried again */
            :: else -> outcome = UNKNOWN; done = true
            fi
#else
            outcome = UNKNOWN; done = true
#endif
        fi
    }
    goto end_again
}

/* The bank calls back, once or twice, late or never; end_attempt books it while nothing is known. */
proctype Callback() {
    byte left = 2;
end:
    do
    :: atomic { left > 0 && (key_paid & BIT(attempt)) && (outcome == OPEN || outcome == UNKNOWN) ->
           outcome = PAID; left-- }
    :: left > 0 -> left--
    od
}

/* Two persons read a statement that covers the day of the last call; only then may an attempt count as not paid. */
proctype Persons() {
end:
    do
    :: atomic { outcome == UNKNOWN && calls == 0 && (key_paid & BIT(attempt)) -> outcome = PAID }
    :: atomic { outcome == UNKNOWN && done && calls == 0 && !(key_paid & BIT(attempt)) && attempt < ATTEMPTS ->
           attempt++; outcome = OPEN; sent = false;                  /* begin_attempt, with an errand of its own: */
           done = false; leased = false; fence++; tries = 0 }
    od
}

/* Whatever happened: paid at most once, nothing resent by software alone, and the book agrees with the bank. */
active proctype Judge() {
end:
    do
    :: payments > 1 -> assert(false)
    :: software_resent -> assert(false)
    :: outcome == PAID && payments == 0 -> assert(false)
    :: timeout ->                                        /* nothing moves any more: */
        assert(ENDED);                                   /* it is known, or held where a person sees it */
        break
    od
}

init {
    byte n = 0;
    atomic {
        do
        :: n < WORKERS -> run Worker(); n++
        :: else -> break
        od;
        run Callback();
        run Persons()
    }
}
