"""A visitor's switches as the GPP string that partners read."""

from collections.abc import Set

from forecourt.consent.gpp.gpp import Gpp, encode
from forecourt.consent.gpp.sections import UsCa, UsNat
from forecourt.consent.gpp.trouble import GppError

SWITCHES = frozenset({"sale", "ads", "sensitive", "analytics", "personal"})
AGES = ("", "under-13", "13-15", "16+")

GIVEN = 1  # notices: 1 yes, 2 no
OPTED_OUT, DID_NOT_OPT_OUT = 1, 2
NO_CONSENT, CONSENT = 1, 2
NOT_APPLICABLE, NO = 0, 2


def string(said_no: Set[str], said_yes: Set[str], gpc: bool, sold_or_shared: bool, age: str) -> str:
    """A usnat (version 2) and a usca section: California's rules are kept everywhere, so that both always say the same.

    `said_no` and `said_yes` are names of SWITCHES, `age` one of AGES; `gpc` is the browser's signal; `sold_or_shared` is
    whether the brand sells or shares anything at all. Nothing said is a no, a no beats a yes, and no value of 0 ("not
    applicable") stands where a partner could take it for leave. Raises GppError for a switch or an age without meaning.

    | field | value | because |
    |---|---|---|
    | all notices (SharingNotice, ...OptOutNotice, ...LimitUseNotice) | 1 given | the policy and the choices page stand in every footer: Cal. Civ. Code 1798.100(a), 1798.135(a); 11 CCR 7011 to 7014 |
    | SaleOptOut | 2 after a yes to "sale"; else 1 | 1798.120(a); with `sold_or_shared` false there is nothing that a yes could open |
    | SharingOptOut | 2 after a yes to "sale" and to "ads"; else 1 | sharing is for cross-context behavioural advertising, and one right covers both: 1798.140(ah), 1798.120(a) |
    | TargetedAdvertisingOptOut | 2 after a yes to "ads"; else 1 | Colo. Rev. Stat. 6-1-1306(1)(a)(I)(A), Va. Code 59.1-577(A)(5)(i) |
    | these three under `gpc` | 1 | the signal is a valid opt-out of sale and sharing: 11 CCR 7025; Colo. 4 CCR 904-3-5.03 |
    | these three under 13 | 1 | a child's own yes counts for nothing: 1798.120(c), COPPA (16 CFR 312.5) |
    | SensitiveDataProcessing, each kind (usnat: consent; usca: use not limited) | 2 after a yes to "sensitive", from 16 or of unknown age; else 1 | opt-in of Va. Code 59.1-578(A)(5) and others; the right to limit, 1798.121(a), 11 CCR 7027 |
    | KnownChildSensitiveDataConsents of usnat: 13 to 15, under 13, 16 and 17 | 0 where no age says so; under 13: 1; 13 to 15: 2 after their own yes to "sale" and "ads", else 1 | 1798.120(c), 11 CCR 7070 and 7071; "16+" is no actual knowledge of 16 or 17, so the third is 0 |
    | KnownChildSensitiveDataConsents of usca: to sell, to share, under 16 | 0 where no age says so; else as SaleOptOut and SharingOptOut: 2 or 1 | 1798.120(c) |
    | PersonalDataConsents | 1 no consent | no switch asks leave for purposes incompatible with the stated ones: 1798.100(c), 11 CCR 7002 |
    | MspaCoveredTransaction; its two modes | 2 no; 0 not applicable | the brand has not signed the MSPA |
    | Gpc (subsection, always there) | `gpc` | MSPA US National 2.0 and California 1.0, "GPC Sub-section" |

    "analytics" and "personal" have no field in these sections: what they govern never leaves for partners.
    """
    if unknown := sorted((said_no | said_yes) - SWITCHES):
        raise GppError(f"No switch is called {', '.join(unknown)}; there are {', '.join(sorted(SWITCHES))}.")
    if age not in AGES:
        raise GppError(f"The age is {age!a}; it is one of {', '.join(map(repr, AGES))}.")
    is_child, is_teen = age == "under-13", age == "13-15"
    yes = said_yes - said_no
    disclosed = frozenset[str]() if gpc or is_child else yes & {"sale", "ads"}
    if not sold_or_shared:
        disclosed -= {"sale"}

    sale = DID_NOT_OPT_OUT if "sale" in disclosed else OPTED_OUT
    ads = DID_NOT_OPT_OUT if "ads" in disclosed else OPTED_OUT
    sharing = DID_NOT_OPT_OUT if disclosed >= {"sale", "ads"} else OPTED_OUT
    sensitive = CONSENT if "sensitive" in yes and not (is_child or is_teen) else NO_CONSENT
    teen = (CONSENT if sharing == DID_NOT_OPT_OUT else NO_CONSENT) if is_teen else NOT_APPLICABLE
    child = NO_CONSENT if is_child else NOT_APPLICABLE
    usnat = UsNat(
        SharingNotice=GIVEN,
        SaleOptOutNotice=GIVEN,
        SharingOptOutNotice=GIVEN,
        TargetedAdvertisingOptOutNotice=GIVEN,
        SensitiveDataProcessingOptOutNotice=GIVEN,
        SensitiveDataLimitUseNotice=GIVEN,
        SaleOptOut=sale,
        SharingOptOut=sharing,
        TargetedAdvertisingOptOut=ads,
        SensitiveDataProcessing=(sensitive,) * 16,
        KnownChildSensitiveDataConsents=(teen, child, NOT_APPLICABLE),
        PersonalDataConsents=NO_CONSENT,
        MspaCoveredTransaction=NO,
        MspaOptOutOptionMode=NOT_APPLICABLE,
        MspaServiceProviderMode=NOT_APPLICABLE,
        Gpc=gpc,
    )
    usca = UsCa(
        SaleOptOutNotice=GIVEN,
        SharingOptOutNotice=GIVEN,
        SensitiveDataLimitUseNotice=GIVEN,
        SaleOptOut=sale,
        SharingOptOut=sharing,
        SensitiveDataProcessing=(sensitive,) * 9,
        KnownChildSensitiveDataConsents=(sale, sharing) if is_child or is_teen else (NOT_APPLICABLE,) * 2,
        PersonalDataConsents=NO_CONSENT,
        MspaCoveredTransaction=NO,
        MspaOptOutOptionMode=NOT_APPLICABLE,
        MspaServiceProviderMode=NOT_APPLICABLE,
        Gpc=gpc,
    )
    return encode(Gpp((usnat, usca)))
