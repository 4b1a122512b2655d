"""Raw images of disks with a FAT file system: floppies, memory sticks, partitioned disks. NTFS and others are named."""

from dataclasses import replace

from seriema.model.artifact import SEVERITY, Artifact, State
from seriema.model.errors import Unsupported
from seriema.model.limits import Limits
from seriema.unlock.disc import views
from seriema.unlock.disc.fat import boot_of, listing
from seriema.unlock.disc.listing import Listing
from seriema.unlock.disc.partitions import Partition, named, partitions
from seriema.unlock.format import Container, Format

_KINDS = frozenset({"img"})
_DISCS = frozenset({"iso", "udf"})
_WHOLE = Partition(0, 0)
#: What a FAT boot sector is signed with; recognising asks for more than claiming does.
_SIGNED = slice(510, 512)


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    whole = boot_of(content, 0)
    volumes = [_WHOLE] if whole else [*partitions(content)]
    if not volumes:
        raise Unsupported(f"a disk image with {named(content, _WHOLE)}, not FAT")
    listings = [_volume(content, each, limits, len(volumes)) for each in volumes]
    listed = views.container(artifact.id, "img", content, [_joined(listings)])
    if artifact.kind in _DISCS and listed.state is State.INSPECTED:
        return replace(listed, state=State.MALFORMED, state_reason="the disc image is a FAT disk image too")
    return listed


def _joined(volumes: list[Listing]) -> Listing:
    """Partitions are no views of each other, so their files are simply put together."""
    worst = max(volumes, key=lambda each: SEVERITY.index(each.state))
    return replace(
        worst,
        files=[found for each in volumes for found in each.files],
        facts=[fact for each in volumes for fact in each.facts],
    )


def _volume(content: bytes, partition: Partition, limits: Limits, volumes: int) -> Listing:
    prefix = f"partition {partition.offset // 512}/" if volumes > 1 else ""
    boot = boot_of(content, partition.offset)
    if boot is not None:
        return listing(content, boot, limits.members, prefix)
    reason = f"a disk image with {named(content, partition)}, not FAT"
    return Listing("FAT", limits.members, state=State.UNSUPPORTED, reason=reason)


def recognise(content: bytes) -> bool:
    """Whether it begins with a FAT boot sector."""
    return content[_SIGNED] == b"\x55\xaa" and boot_of(content, 0) is not None


FORMAT = Format(name="img", kinds=_KINDS, recognise=recognise, open=_open)
