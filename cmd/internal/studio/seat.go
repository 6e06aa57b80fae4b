package studio

import "prep/cmd/internal/desk"

// desk returns a desk for whoever labels now. That changes only while the page is renewed.
func (s *Studio) desk() (*desk.Desk, error) {
	if s.options.Second {
		return desk.NewSecond(s.set, s.options.Who)
	}
	return desk.New(s.set, s.options.Who)
}

// Sit renews the page with the desk of whoever labels from now on.
func (s *Studio) Sit(who string, second bool) error {
	return s.page.Renew(func() (*desk.Desk, error) {
		wasWho, wasSecond := s.options.Who, s.options.Second
		s.options.Who, s.options.Second = who, second
		d, err := s.desk()
		if err != nil {
			s.options.Who, s.options.Second = wasWho, wasSecond
		}
		return d, err
	})
}
