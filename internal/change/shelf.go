package change

// looks is how many of the newest that fit are looked at, so that thousands of commits with the same
// words take no longer than a few.
const looks = 16

// shelf keeps values by key in the order of their coming. Nearly all keys have one, which takes no
// slice of its own.
type shelf[K comparable, V any] struct {
	one  map[K]V
	more map[K][]V // of those that have several, all
}

func newShelf[K comparable, V any](size int) shelf[K, V] {
	return shelf[K, V]{one: make(map[K]V, size), more: map[K][]V{}}
}

func (s shelf[K, V]) add(key K, value V) {
	switch former, ok := s.one[key]; {
	case !ok:
		s.one[key] = value
	case s.more[key] == nil:
		s.more[key] = []V{former, value}
	default:
		s.more[key] = append(s.more[key], value)
	}
}

// of are the last few values of a key.
func (s shelf[K, V]) of(key K) []V {
	if more := s.more[key]; more != nil {
		return more[max(0, len(more)-looks):]
	}
	if value, ok := s.one[key]; ok {
		return []V{value}
	}
	return nil
}
