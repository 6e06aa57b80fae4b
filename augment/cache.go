package augment

import (
	"container/list"
	"sync"
)

// cache keeps what was made for keys: the last used of it, up to so many
// floats. It is for all goroutines.
type cache[K comparable, V any] struct {
	most   int         // floats
	floats func(V) int // how many a value holds

	mu      sync.Mutex
	held    int       // floats
	used    list.List // of entry[K, V], the last used first
	entries map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newCache[K comparable, V any](most int, floats func(V) int) *cache[K, V] {
	return &cache[K, V]{most: most, floats: floats, entries: map[K]*list.Element{}}
}

// get returns the value of a key, and makes it unless it is kept. Two goroutines
// may make one value at a time: makers are to give equal ones.
func (c *cache[K, V]) get(key K, make func() V) V {
	c.mu.Lock()
	e, ok := c.entries[key]
	if ok {
		c.used.MoveToFront(e)
	}
	c.mu.Unlock()
	if ok {
		return e.Value.(entry[K, V]).value
	}
	value := make()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(key, value)
	return value
}

// put keeps a value and lets go of the longest unused ones beyond most floats.
func (c *cache[K, V]) put(key K, value V) {
	if _, ok := c.entries[key]; ok {
		return
	}
	c.entries[key] = c.used.PushFront(entry[K, V]{key, value})
	c.held += c.floats(value)
	for c.held > c.most {
		last := c.used.Remove(c.used.Back()).(entry[K, V])
		delete(c.entries, last.key)
		c.held -= c.floats(last.value)
	}
}
