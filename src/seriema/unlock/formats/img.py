"""Raw disk images with a FAT file system: floppy images, memory sticks, partitioned disks. NTFS and others are named."""

from seriema.model.artifact import Artifact, State
from seriema.model.errors import Unsupported
from seriema.model.limits import Limits
from seriema.unlock.disc import views
from seriema.unlock.disc.fat import boot_of, listing
from seriema.unlock.disc.listing import Listing
from seriema.unlock.disc.partitions import Partition, named, partitions
from seriema.unlock.format import Container, Format

_KINDS = frozenset({"img"})
_WHOLE = Partition(0, 0)
#: What a FAT boot sector is signed with; recognising asks for more than claiming does.
_SIGNED = slice(510, 512)


def _open(artifact: Artifact, content: bytes, limits: Limits) -> Container:
    volumes = [_WHOLE] if boot_of(content, 0) else [*partitions(content)]
    if not volumes:
        raise Unsupported(f"a disk image with {named(content, _WHOLE)}, not FAT" if content else "an empty disk image")
    found = [_volume(content, each, limits, len(volumes)) for each in volumes]
    # Partitions are no views of each other, so their files are simply put together.
    files = Listing(found[0].view, limits.members + 1)
    for each in found:
        files.files.extend(each.files)
        files.facts.extend(each.facts)
        if each.reason:
            files.reason, files.state = files.reason or each.reason, each.state if not files.reason else files.state
    opened = views.container(artifact.id, "img", content, [files])
    return opened


def _volume(content: bytes, partition: Partition, limits: Limits, volumes: int) -> Listing:
    prefix = f"partition {partition.offset // 512}/" if volumes > 1 else ""
    boot = boot_of(content, partition.offset)
    if boot is not None:
        return listing(content, boot, limits.members, prefix)
    unread = Listing("FAT", limits.members)
    unread.state, unread.reason = State.UNSUPPORTED, f"a disk image with {named(content, partition)}, not FAT"
    return unread


def recognise(content: bytes) -> bool:
    """Whether it begins with a FAT boot sector."""
    return content[_SIGNED] == b"\x55\xaa" and boot_of(content, 0) is not None


FORMAT = Format(name="img", kinds=_KINDS, recognise=recognise, open=_open)
