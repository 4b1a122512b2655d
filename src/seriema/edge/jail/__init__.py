"""The jail: mail is read only by workers that can do nothing else, and what they say is believed only as data.

``async with Jail.start(JailSettings()) as jail: dissection = await jail.dissect(raw, plan)``

- ``spawner`` starts the ``zygote``, an interpreter that has imported everything; from it each ``worker`` is forked,
  which will ``lock`` itself (``seccomp``, ``landlock``) and prove it before it sees a mail.
- ``cell`` is a worker as seen from outside, ``pool`` hands workers out, ``jail`` decides what becomes of a mail.
- ``wire`` is what crosses the wall, ``collect`` makes one value of it.

Two pools: every mail goes to the *message* pool, with a short deadline and little password work. A mail that shows
there that it needs more (an encrypted file left at its limit, time out after the headers were told) is read
anew in the *unlock* pool with the plan's whole budget, and that answer stands in the place of the first. Nothing about
this is in the plan: it is the same plan with smaller limits. Key derivations so never queue ordinary mail, and
the unlock pool's workers stand back for the others; what one sender may spend there in an hour has a bound (``quota``).

A worker can say wrong things only about mails that were handed to it. It is replaced after any trouble and after
``JailSettings.mails`` mails, which bounds how long one that was taken over unnoticed can lie; 1 gives every mail a
process of its own. Workers of the unlock pool always read one mail.
"""

from seriema.edge.jail.jail import Jail
from seriema.edge.jail.settings import JailSettings, Layer
from seriema.edge.jail.unlocked import run_unlocked

__all__ = ["Jail", "JailSettings", "Layer", "run_unlocked"]
